# Compiler settings shared by every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(ASSAY_SANITIZE "" CACHE STRING "Sanitizers, as given to -fsanitize=")
option(ASSAY_BENCH "Build the benchmarks" OFF)
option(ASSAY_FAULT_POINTS "Compile in the places where tests make processes die; they do nothing unless the environment names one" ON)
option(ASSAY_FUZZ "Build the libFuzzer targets, and everything so that they see which code they reach" OFF)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough -Werror
                    -fno-omit-frame-pointer -fstack-protector-strong)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
add_link_options(-fuse-ld=lld -Wl,-z,relro,-z,now)

if(ASSAY_SANITIZE)
  add_compile_options(-fsanitize=${ASSAY_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ASSAY_SANITIZE})
  add_compile_definitions(ASSAY_SANITIZED=1)
  if(ASSAY_SANITIZE MATCHES "undefined")
    # It opens a pipe to look at an object, and takes for a fault that none can be had, which tests bring about.
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()
if(ASSAY_FAULT_POINTS)
  add_compile_definitions(ASSAY_FAULT_POINTS=1)
endif()
if(ASSAY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
