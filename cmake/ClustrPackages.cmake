# Debian packages, by `cpack -G DEB` in a build tree: clustr-catalog, clustr-sales and clustr-bundles, each with a systemd unit, a user
# and a file of settings; clustr-tools with clustrctl and clustr-mine; and clustr, which asks for all of them.
set(CLUSTR_PACKAGES ${CMAKE_SOURCE_DIR}/deploy/packages)
set(CLUSTR_PACKAGED ${CMAKE_BINARY_DIR}/packages)

# clustr_server_package(SERVICE DESCRIPTION AFTER FLAG=VARIABLE...): the package of a server. AFTER names units to start after.
function(clustr_server_package SERVICE DESCRIPTION AFTER)
  string(TOUPPER ${SERVICE} VARIABLE)
  set(COMMAND /usr/bin/clustr-${SERVICE})
  foreach(flag ${ARGN})
    string(REPLACE "=" ";" parts ${flag})
    list(GET parts 0 name)
    list(GET parts 1 variable)
    string(APPEND COMMAND " --${name}=\${${VARIABLE}_${variable}}")
  endforeach()
  set(folder ${CLUSTR_PACKAGED}/${SERVICE})
  configure_file(${CLUSTR_PACKAGES}/server.service.in ${folder}/clustr-${SERVICE}.service @ONLY)
  foreach(script postinst prerm postrm)
    configure_file(${CLUSTR_PACKAGES}/${script}.in ${folder}/${script} @ONLY FILE_PERMISSIONS
      OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  endforeach()
  file(WRITE ${folder}/conffiles "/etc/clustr/${SERVICE}.env\n")

  # Only in packages: `cmake --install` must not write to the folders of the system.
  install(FILES ${folder}/clustr-${SERVICE}.service DESTINATION /usr/lib/systemd/system COMPONENT ${SERVICE} EXCLUDE_FROM_ALL)
  install(FILES ${CLUSTR_PACKAGES}/${SERVICE}.env DESTINATION /etc/clustr COMPONENT ${SERVICE} EXCLUDE_FROM_ALL)
  install(FILES ${CMAKE_SOURCE_DIR}/docs/packages.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md DESTINATION /usr/share/doc/clustr-${SERVICE}
    COMPONENT ${SERVICE} EXCLUDE_FROM_ALL)

  set(CPACK_DEBIAN_${VARIABLE}_PACKAGE_NAME clustr-${SERVICE} PARENT_SCOPE)
  set(CPACK_COMPONENT_${VARIABLE}_DESCRIPTION "Clustr ${SERVICE}: ${DESCRIPTION}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${VARIABLE}_PACKAGE_DEPENDS "adduser, init-system-helpers" PARENT_SCOPE)
  set(CPACK_DEBIAN_${VARIABLE}_PACKAGE_CONTROL_EXTRA "${folder}/postinst;${folder}/prerm;${folder}/postrm;${folder}/conffiles" PARENT_SCOPE)
endfunction()

clustr_server_package(catalog "owns products, customers and timeframes" "" listen=LISTEN database=DATABASE)
clustr_server_package(sales "owns purchases and their lines" " clustr-catalog.service"
  listen=LISTEN database=DATABASE catalog=CATALOG_ADDRESS)
clustr_server_package(bundles "answers which products sell together" " clustr-catalog.service clustr-sales.service"
  listen=LISTEN database=DATABASE catalog=CATALOG_ADDRESS sales=SALES_ADDRESS)

# Without this, apt would choose the build of OpenBLAS with threads, which wait by spinning.
string(APPEND CPACK_DEBIAN_BUNDLES_PACKAGE_DEPENDS ", libopenblas0-serial")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME clustr-tools)
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "Clustr's command line, and its mining kernel on a command line")
install(FILES ${CMAKE_SOURCE_DIR}/CHANGELOG.md DESTINATION /usr/share/doc/clustr COMPONENT clustr EXCLUDE_FROM_ALL)
set(CPACK_DEBIAN_CLUSTR_PACKAGE_NAME clustr)
set(CPACK_DEBIAN_CLUSTR_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_CLUSTR_PACKAGE_DEPENDS "clustr-catalog, clustr-sales, clustr-bundles, clustr-tools")
set(CPACK_COMPONENT_CLUSTR_DESCRIPTION "Clustr on one machine: all three servers and the tools")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME clustr)
set(CPACK_PACKAGE_VENDOR Clustr)
set(CPACK_PACKAGE_CONTACT "Clustr maintainers <maintainers@clustr.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Recommends bundles of products that sell together")
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON) # /etc is outside of the prefix.
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL catalog sales bundles tools clustr)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
