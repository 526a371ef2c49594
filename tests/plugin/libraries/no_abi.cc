// A library of something else.
extern "C" int square(int x) { return x * x; }
