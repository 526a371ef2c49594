"""What Bazel's own tools load from rules_java, as the native rules that Bazel 4.2.3 has."""

java_binary = native.java_binary
java_import = native.java_import
java_library = native.java_library
java_runtime = native.java_runtime
java_test = native.java_test
java_toolchain = native.java_toolchain
