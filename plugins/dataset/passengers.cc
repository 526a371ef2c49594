#include "framework/plugin/measured.h"
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

// Words, numbers and missing values, as a user's table has them.
class Passengers : public Dataset {
 public:
  static constexpr PluginInfo kInfo{
      "passengers",
      "900 passengers of a ship who never lived: words, whole numbers, decimals and missing "
      "values.",
      "x = number; of a word 1 for its category and 0 for the others; class lost or rescued"};

  template <typename V>
  static void Fields(V& v) {
    v("missing", &Passengers::missing,
      {.doc = "what becomes of missing values: an error; the column's mean or median over the "
              "training rows, with an input that marks them; or the row is left out"});
  }

  DataSplits Load(Files&) const override {
    return DataOf(kInfo.name, CarriedTable(kInfo.name, missing), std::nullopt,
                  {.task = Task::kClassification, .missing = missing});
  }

  MissingValues missing = MissingValues::kMean;
};

NABLA_PLUGIN_END(Passengers)
