// SQLite's ODBC driver as one of which nothing is known: it names another database, and has neither the catalog
// function for keys nor the one for columns.
#include <dlfcn.h>
#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <cstring>
#include <initializer_list>

namespace {

template <typename Function>
Function of_driver(Function, const char* name) {
  static void* const driver = ::dlopen(SQLITE_ODBC_DRIVER, RTLD_LAZY);
  return reinterpret_cast<Function>(::dlsym(driver, name));
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLGetInfo(SQLHDBC connection, SQLUSMALLINT what, SQLPOINTER value, SQLSMALLINT room,
                             SQLSMALLINT* size) {
  constexpr char name[] = "Plain";
  if (what != SQL_DBMS_NAME) return of_driver(&SQLGetInfo, "SQLGetInfo")(connection, what, value, room, size);
  if (value != nullptr && room >= static_cast<SQLSMALLINT>(sizeof name)) std::memcpy(value, name, sizeof name);
  if (size != nullptr) *size = static_cast<SQLSMALLINT>(sizeof name - 1);
  return SQL_SUCCESS;
}

SQLRETURN SQL_API SQLGetFunctions(SQLHDBC connection, SQLUSMALLINT which, SQLUSMALLINT* has) {
  const SQLRETURN code = of_driver(&SQLGetFunctions, "SQLGetFunctions")(connection, which, has);
  for (const unsigned missing : {unsigned{SQL_API_SQLPRIMARYKEYS}, unsigned{SQL_API_SQLCOLUMNS}}) {
    if (which == SQL_API_ODBC3_ALL_FUNCTIONS)
      has[missing >> 4U] = static_cast<SQLUSMALLINT>(has[missing >> 4U] & ~(1U << (missing & 15U)));
    else if (which == SQL_API_ALL_FUNCTIONS) has[missing] = SQL_FALSE;
    else if (which == missing) *has = SQL_FALSE;
  }
  return code;
}
}
