# A room is a folder under src/ that is one library. Its unit tests stand beside their source as x_test.cpp and
# become one executable test_<room>, which ctest knows by that name.
#
#   assay_room(<name> DIR <folders...> [RECURSE] DEPS <libraries...> [TEST_DEPS <libraries...>])
#
# Sources are found by name, so a new file needs no edit here.
function(assay_room name)
  cmake_parse_arguments(ARG "RECURSE" "" "DIR;DEPS;TEST_DEPS" ${ARGN})
  set(mode GLOB)
  if(ARG_RECURSE)
    set(mode GLOB_RECURSE)
  endif()
  list(TRANSFORM ARG_DIR REPLACE "(.+)" "${CMAKE_CURRENT_SOURCE_DIR}/\\1/*.cpp" OUTPUT_VARIABLE patterns)
  file(${mode} sources CONFIGURE_DEPENDS ${patterns})
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  if(sources)
    add_library(assay_${name} STATIC ${sources})
    target_include_directories(assay_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(assay_${name} PUBLIC ${ARG_DEPS})
  else()
    add_library(assay_${name} INTERFACE)
    target_include_directories(assay_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(assay_${name} INTERFACE ${ARG_DEPS})
  endif()

  if(tests)
    add_executable(test_${name} ${tests})
    target_link_libraries(test_${name} PRIVATE assay_${name} ${ARG_TEST_DEPS} GTest::gmock GTest::gtest_main)
    target_compile_definitions(test_${name} PRIVATE
      ASSAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}" ASSAY_BUILD_DIR="${CMAKE_BINARY_DIR}")
    target_precompile_headers(test_${name} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
    add_test(NAME ${name} COMMAND test_${name})
    # Sanitizers slow them down many times; those with servers take longest, and begin before the others.
    set(timeout_s 600)
    if(ASSAY_SANITIZE)
      set(timeout_s 2400)
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${timeout_s})
    if(ARG_TEST_DEPS)
      set_tests_properties(${name} PROPERTIES COST ${timeout_s})
    endif()
  endif()
endfunction()
