#include "framework/notebook/notebook.h"

#include <gtest/gtest.h>

#include "framework/base/error.h"

namespace nabla {
namespace {

std::string Cell(const std::string& source, const std::string& outputs) {
  return R"({"cell_type": "code", "execution_count": 4, "source": )" + source +
         R"(, "outputs": [)" + outputs + "]}";
}

Notebook ReadCells(const std::string& cells) {
  return ReadNotebook(R"({"cells": [)" + cells + R"(], "nbformat": 4})", "a.ipynb");
}

TEST(Notebook, SourcesAndStreams) {
  const Notebook notebook =
      ReadCells(R"({"cell_type": "markdown", "source": "hello"}, )" +
                Cell(R"(["a = 1\n", "b = 2"])",
                     R"({"output_type": "stream", "name": "stdout", "text": ["epo", "ch 1\n"]},
              {"output_type": "stream", "name": "stdout", "text": "epoch 2\n"},
              {"output_type": "stream", "name": "stderr", "text": "bar"},
              {"output_type": "error", "traceback": ["loss: 3"]})"));
  ASSERT_EQ(notebook.cells.size(), 2u);
  EXPECT_FALSE(notebook.cells[0].is_code);
  const NotebookCell& cell = notebook.cells[1];
  EXPECT_EQ(cell.number, 2);
  EXPECT_EQ(cell.execution, 4);
  EXPECT_EQ(cell.source, "a = 1\nb = 2");
  EXPECT_EQ(cell.outputs, (std::vector<std::string>{"epoch 1\nepoch 2\n", "bar"}));
}

TEST(Notebook, HtmlStandsInForAMissingText) {
  const Notebook notebook = ReadCells(Cell(
      R"("x")",
      R"({"output_type": "display_data", "data": {"text/plain": "<IPython.core.display.HTML object>",
         "text/html": "<style>b</style><table><tr><th>epoch</th><th>loss</th></tr>"}})"));
  EXPECT_EQ(notebook.cells[0].outputs[0], "epoch  loss  \n\n");
}

TEST(Notebook, WhatIsNoNotebookIsRefused) {
  for (const char* text : {"", "[1]", "{", R"({"cells": 3})", R"({"cells": [3]})", "{}"}) {
    EXPECT_THROW(ReadNotebook(text, "a.ipynb"), InputError) << text;
  }
}

std::string RefusalOf(const std::string& bytes, const std::string& name) {
  try {
    ReadNotebook(bytes, name);
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

TEST(Notebook, FaultsHaveTheirPlaces) {
  EXPECT_EQ(RefusalOf("", "a.ipynb"),
            "a.ipynb:1:1: error: the JSON of this notebook ends too early");
  EXPECT_EQ(RefusalOf("{\n \"cells\": [", "a.ipynb"),
            "a.ipynb:2:12: error: the JSON of this notebook ends too early");
  EXPECT_EQ(RefusalOf("{\n \"cells\": x", "a.ipynb"),
            "a.ipynb:2:11: error: this is not the JSON of a notebook");
  EXPECT_EQ(RefusalOf("{\"a\": \"[[\\\"\",\n" + std::string(1000000, '['), "a.ipynb"),
            "a.ipynb:2:64: error: nested too deeply for a notebook");
  EXPECT_EQ(RefusalOf("a = 1\n\xff\xfe", "a.txt"), "a.txt:2:1: error: not UTF-8 text");
  EXPECT_EQ(RefusalOf(std::string("a\n\0", 3), "a.py"),
            "a.py:2:1: error: a binary file, not a notebook");
  for (const char* text : {"", " \n", R"({"cells": []})"}) {
    EXPECT_EQ(RefusalOf(text, "a.py"), "a.py: error: this notebook has no code and no outputs");
  }
}

TEST(Notebook, NumbersThatJsonHasNotAreNull) {
  const Notebook notebook = ReadNotebook(
      R"({"cells": [)" + Cell(R"("x = \"NaN\"  # \\\\")", "") +
          R"(], "a": NaN, "b": [-Infinity, Infinity], "c": "NaN \" Infinity", "d": NaN})",
      "a.ipynb");
  EXPECT_EQ(notebook.cells[0].source, "x = \"NaN\"  # \\\\");
  EXPECT_EQ(RefusalOf("{\"cells\": NaN x}", "a.ipynb"),
            "a.ipynb:1:11: error: this is not the JSON of a notebook");
}

TEST(Notebook, OtherLanguagesAreRefused) {
  const auto in = [](const std::string& metadata) {
    return R"({"cells": [)" + Cell(R"("x = 1")", "") + R"(], "metadata": )" + metadata + "}";
  };
  EXPECT_EQ(RefusalOf(in(R"({"kernelspec": {"language": "R", "name": "ir"}})"), "a.ipynb"),
            "a.ipynb: error: its programs are in \"r\": only Python is read");
  EXPECT_EQ(RefusalOf(in(R"({"language_info": {"name": "c\n\u001b"}})"), "a.ipynb"),
            "a.ipynb: error: its programs are in \"c--\": only Python is read");
  for (const char* metadata : {R"({"kernelspec": {"language": "python"}})", R"({"kernelspec": 3})",
                               R"({"language_info": {"name": "ipython"}})", "{}", "[]"}) {
    EXPECT_EQ(ReadNotebook(in(metadata), "a.ipynb").cells[0].source, "x = 1") << metadata;
  }
}

TEST(Notebook, ATooLongCellIsSaidToBeSo) {
  const std::string code(5 << 20, 'a');
  EXPECT_EQ(RefusalOf(R"({"cells": [)" + Cell('"' + code + '"', "") + "]}", "a.ipynb"),
            "a.ipynb: error: cell 1 is too long and was left out");
}

TEST(Notebook, MembersOfOtherTypesAreNothing) {
  const Notebook notebook = ReadCells(
      R"({"cell_type": 3}, {"cell_type": "code", "source": [1, "x", null], "outputs": {"a": 1},
          "execution_count": "no"}, {"cell_type": "code", "outputs": [1, {"output_type": 3},
          {"output_type": "stream", "text": {"a": 1}}, {"data": [1]}]})");
  EXPECT_EQ(notebook.cells[1].source, "x");
  EXPECT_FALSE(notebook.cells[1].execution);
}

TEST(NotebookText, MarksOfCellsAndOutputs) {
  const Notebook notebook = ReadNotebook(
      "In [3]:\nlr = 0.1\n\nfor i in range(3):\n    print(i)\nEpoch 1, loss 0.5\nOut[3]:\n0.9\n"
      "In [ ]: x = 1\n",
      "a.txt");
  ASSERT_EQ(notebook.cells.size(), 2u);
  EXPECT_EQ(notebook.cells[0].execution, 3);
  EXPECT_EQ(notebook.cells[0].source.substr(0, 28), "lr = 0.1\n\nfor i in range(3):");
  EXPECT_EQ(notebook.cells[0].outputs[0], "Epoch 1, loss 0.5\n\n0.9\n");
  EXPECT_EQ(notebook.cells[1].source, "x = 1\n");
}

TEST(NotebookText, ATextWithoutMarksIsDividedByItsLines) {
  const Notebook notebook = ReadNotebook(
      "import numpy as np\nW = np.zeros((2,\n   3))\nprint(W)\nEpoch 1: loss = 0.5\nEpoch 2: loss "
      "= "
      "0.4\nepochs = train(W)\n",
      "a.txt");
  ASSERT_EQ(notebook.cells.size(), 1u);
  EXPECT_EQ(notebook.cells[0].number, 0);
  EXPECT_EQ(notebook.cells[0].outputs[0], "Epoch 1: loss = 0.5\nEpoch 2: loss = 0.4\n");
  EXPECT_NE(notebook.cells[0].source.find("epochs = train(W)"), std::string::npos);
}

TEST(NotebookText, HandlersOfExceptionsAreCode) {
  const std::string program =
      "try:\n    lr = read()\nexcept ValueError:\n    lr = 0.1\nfinally:\n    close()\n";
  const Notebook notebook = ReadNotebook(program, "a.py");
  ASSERT_EQ(notebook.cells.size(), 1u);
  EXPECT_EQ(notebook.cells[0].source, program);
}

TEST(NotebookText, AScriptShowsItsOutputInAStringOrComments) {
  const Notebook notebook =
      ReadNotebook("lr = 0.1\n'''\nepoch 1 loss 0.5\n'''\n# epoch 2 loss 0.4\n", "a.py");
  EXPECT_EQ(notebook.cells[0].outputs[0], "\nepoch 1 loss 0.5\n\n epoch 2 loss 0.4\n");
}

}  // namespace
}  // namespace nabla
