# The three kinds of target in this project. Every source is listed by name, never found by glob.

get_filename_component(CLUSTR_ROOT ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
set(CLUSTR_WARNINGS -Wall -Wextra -Wno-unused-parameter)

# clustr_library(NAME SOURCES... DEPS...): a static library whose headers are included by their path from the root;
# an interface library if there are no sources.
function(clustr_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${CLUSTR_ROOT})
    target_compile_options(${name} PRIVATE ${CLUSTR_WARNINGS})
    target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CLUSTR_ROOT})
    target_link_libraries(${name} INTERFACE ${ARG_DEPS})
  endif()
endfunction()

# clustr_binary(NAME SOURCES... DEPS...): a program, built in <build>/bin.
function(clustr_binary name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CLUSTR_ROOT})
  target_compile_options(${name} PRIVATE ${CLUSTR_WARNINGS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
endfunction()

# clustr_test(NAME SOURCES... DEPS...): a GoogleTest program, built in <build>/tests, that ctest runs as one test.
function(clustr_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CLUSTR_ROOT})
  target_compile_options(${name} PRIVATE ${CLUSTR_WARNINGS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gmock_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set(seconds 600)
  if(CLUSTR_SANITIZE MATCHES thread)  # Which slows a program down up to twentyfold.
    set(seconds 3000)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${seconds})
endfunction()
