# `cmake --install` puts under the prefix: the programs, the generated clients as clustr::proto and clustr::grpc, the .proto
# files and clustr.protoset. Other backends build against this contract, so no header of the services is installed.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

foreach(service catalog sales bundles)
  install(TARGETS clustr-${service} COMPONENT ${service})
endforeach()
install(TARGETS clustrctl clustr-mine COMPONENT tools)

# Builds everything that is installed, without the tests.
add_custom_target(clustr-installable DEPENDS clustr-catalog clustr-sales clustr-bundles clustrctl clustr-mine
  clustr_google_rpc clustr_proto clustr_grpc clustr_protoset)

set_target_properties(clustr_google_rpc PROPERTIES EXPORT_NAME google_rpc)
set_target_properties(clustr_proto PROPERTIES EXPORT_NAME proto)
set_target_properties(clustr_grpc PROPERTIES EXPORT_NAME grpc)
install(TARGETS clustr_google_rpc clustr_proto clustr_grpc EXPORT clustrTargets
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${CMAKE_BINARY_DIR}/proto/clustr ${CMAKE_BINARY_DIR}/proto/google_rpc/google
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.pb.h")
install(EXPORT clustrTargets NAMESPACE clustr:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/clustr)

configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/clustrConfig.cmake.in
  ${CMAKE_BINARY_DIR}/clustrConfig.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/clustr)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/clustrConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/clustrConfig.cmake ${CMAKE_BINARY_DIR}/clustrConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/clustr)

install(DIRECTORY ${CMAKE_SOURCE_DIR}/proto/clustr DESTINATION ${CMAKE_INSTALL_DATADIR}/clustr/proto
  FILES_MATCHING PATTERN "*.proto")
install(FILES ${CLUSTR_PROTOSET} DESTINATION ${CMAKE_INSTALL_DATADIR}/clustr)
