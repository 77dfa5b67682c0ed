# What `make install` and the Debian package put where.
include(GNUInstallDirs)

install(TARGETS assay RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS assay-examiner assay-smb RUNTIME DESTINATION libexec/assay)
install(FILES docs/assay.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES completions/assay.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME assay)
install(FILES completions/_assay DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES completions/assay.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES LICENSE README.md CHANGELOG.md ARCHITECTURE.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/assay)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/assay RENAME copyright)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/assay/docs FILES_MATCHING PATTERN "*.md")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME assay)
set(CPACK_PACKAGE_CONTACT "The Assay maintainers <assay@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "finds, classifies and acts on sensitive data")
set(CPACK_PACKAGE_DESCRIPTION
"Assay looks for personal, payment and health data and for secrets in files of many kinds, at any depth of archives, mail
and documents. It tells what was found, where, how sure it is and why, and what could not be read. Documents are parsed in
sandboxed processes; values are masked in all output.")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libmongoc-1.0-0")  # loaded when it is needed (connect/mongodb/library.h)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "poppler-data, tesseract-ocr-eng")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "tdsodbc, odbc-postgresql, odbc-mariadb, libsqliteodbc")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
include(CPack)
