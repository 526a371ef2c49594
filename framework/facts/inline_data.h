// Rows of numbers that a program spells.
#ifndef NABLA_FRAMEWORK_FACTS_INLINE_DATA_H_
#define NABLA_FRAMEWORK_FACTS_INLINE_DATA_H_

#include "framework/facts/facts.h"
#include "framework/python/trace.h"

namespace nabla {

// The inline data set, behind the model; false if the net does not train on such rows.
bool ReadInlineData(const CodeTrace& trace, CodeFacts* facts);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_FACTS_INLINE_DATA_H_
