// Printed lines whose numbers are not those of the training at hand.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_LINE_KINDS_H_
#define NABLA_FRAMEWORK_NOTEBOOK_LINE_KINDS_H_

#include "framework/notebook/printed_line.h"

namespace nabla {

// "UserWarning: ...", "validation loss decreased (0.5 --> 0.4), saving the model", where the word
// stands before a number, but not "loss: 0.4  (improved)".
bool IsRemark(const PrintedLine& line);

// Whether it says for which of several settings it is: "lr = 0.1: accuracy 0.9".
bool IsOfSetting(const PrintedLine& line);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_LINE_KINDS_H_
