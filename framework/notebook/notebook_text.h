// Notebooks that are no longer JSON: Python files, and texts that an export left.
#ifndef NABLA_FRAMEWORK_NOTEBOOK_NOTEBOOK_TEXT_H_
#define NABLA_FRAMEWORK_NOTEBOOK_NOTEBOOK_TEXT_H_

#include <string_view>

#include "framework/notebook/notebook.h"

namespace nabla {

// Cells begin at lines such as "In [3]:", "[3]:", "# In[3]:" and "# %%", and outputs at "Out[3]:".
// What was printed has no mark of its own: it begins with the first line that cannot be Python.
// Without any mark all of the text is one cell, without a number.
Notebook ReadNotebookText(std::string_view text);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_NOTEBOOK_NOTEBOOK_TEXT_H_
