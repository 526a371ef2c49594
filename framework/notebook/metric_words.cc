#include "framework/notebook/metric_words.h"

#include <algorithm>

namespace nabla {
namespace {

// Chinese and Japanese put no space between words.
bool IsUnspaced(std::string_view word) {
  const auto lead = static_cast<unsigned char>(word[0]);
  return lead >= 0xE3 && lead <= 0xE9;
}

template <size_t N>
bool OneOf(std::string_view word, const std::string_view (&list)[N]) {
  return std::any_of(std::begin(list), std::end(list), [word](std::string_view known) {
    return word == known || (IsUnspaced(known) && word.find(known) != std::string_view::npos);
  });
}

// One word a line otherwise.
// clang-format off
constexpr std::string_view kTrain[] = {
    "train", "training", "trn", "tr", "entrenamiento", "treino", "trainset", "entraînement",
    "apprentissage", "тренировка", "训练", "训练集", "trainings", "trainieren", "treinamento", "訓練",
    "学習データ", "훈련", "обучении", "обучение", "обучения", "обучающей", "трейн", "addestramento",
    "eğitim", "entrainement", "trainingsdaten", "trainingsverlust", "trainingsfehler",
    "trainingsgenauigkeit",
    "trénink", "trénování", "trénovací", "trening", "treningowa", "treningowy", "uczący",
    "uczenie", "тренировочная", "тренировочной", "обучающая", "навчання", "тренування", "학습",
    "entrenament", "antrenare", "tanító", "tränings", "trenings", "huấn", "luyện", "latih", "pelatihan", "latihan",
    "träning", "trening"};
constexpr std::string_view kTest[] = {
    "test", "testing", "val", "valid", "validation", "dev", "eval", "evaluation", "vali",
    "heldout", "held", "validating", "valloss", "tst", "te", "testset", "测试", "测试集", "验证", "验证集",
    "prueba", "teste", "generalization", "cv", "va", "テスト", "検証", "테스트", "검증", "тест", "тесте",
    "тестовой", "тестовая", "валидации", "валидация", "вал", "validación", "validação",
    "validazione", "validierung", "testdaten", "testmenge", "doğrulama", "holdout", "testverlust",
    "testfehler", "testgenauigkeit",
    "testovací", "validační", "testowa", "testowy", "walidacja", "walidacyjna", "тестовый",
    "валидационная", "валидационной", "перевірка", "тестова", "validació", "validierungs", "validerings", "validatie", "uji",
    "validasi", "kiểm", "validálás", "testuppsättning"};
constexpr std::string_view kLoss[] = {
    "loss", "losses", "cost", "costs", "error", "err", "errors", "mse", "rmse", "cross", "nll",
    "xent", "ce", "bce", "objective", "j", "losstr", "perte", "custo", "costo", "erro", "verlust",
    "fehler", "kosten", "perda", "pérdida", "损失", "误差", "损失值", "代价", "誤差", "損失", "ошибка",
    "потери", "entropy", "crossentropy", "hata", "kayıp", "kaybı", "오차", "손실", "avgloss", "e",
    "l", "erreur", "coût", "cout", "kostnad", "coste", "erreurs", "perdita", "errore", "strata",
    "błąd", "verlies", "fout", "kerugian", "потеря", "потерь", "ошибки", "лосс", "損失値", "コスト",
    "비용", "trainingsverlust", "testverlust", "trainingsfehler", "testfehler", "logloss",
    "mát", "ztráta", "chyba", "koszt", "förlust", "fel", "tab", "tap", "häviö", "veszteség",
    "hiba", "pierdere", "eroare", "galat", "απώλεια", "σφάλμα", "הפסד", "שגיאה", "الخسارة",
    "خسارة", "خطا", "pèrdua", "perdida", "pérdidas", "perdidas", "perdas", "custos", "costes",
    "pertes", "utrata", "втрати", "втрата", "похибка", "помилка", "손실값", "손실률"};
constexpr std::string_view kAccuracy[] = {
    "acc", "accuracy", "accuracies", "accu", "correct", "accs", "scores", "performance", "accr",
    "score", "acurácia", "acuracia", "precisión", "точность", "genauigkeit", "exactitud", "准确率",
    "正确率", "精度", "正解率", "정확도", "doğruluk", "doğruluğu", "acertos", "correctly", "exactitude",
    "accuratezza", "précision", "precisión", "acurácias", "akurasi", "dokładność", "exatidão",
    "nauwkeurigheid", "trefferquote", "treffer", "justesse", "точности", "准确度", "正确", "aciertos",
    "acierto", "trainingsgenauigkeit", "testgenauigkeit", "korrekt", "nøjagtighed", "noggrannhet",
    "xác", "přesnost", "úspěšnost", "presnosť", "trafność", "nøyaktighet", "tarkkuus",
    "pontosság", "acuratețe", "acuratete", "ketepatan", "ακρίβεια", "דיוק", "الدقة", "دقة", "دقت",
    "precisió", "precisão", "precisione", "başarı", "точність", "정답률", "정확률", "exactesse"};
// clang-format on
constexpr std::string_view kOther[] = {
    "time",       "elapsed",    "eta",       "took",     "norm",       "grad",    "gradient",
    "patience",   "seconds",    "gradients", "duration", "reg",        "penalty", "regularization",
    "best",       "shape",      "params",    "mae",      "parameters", "f1",      "recall",
    "auc",        "std",        "min",       "max",      "precision",  "weight",  "weights",
    "bias",       "theta",      "change",    "delta",    "diff",       "runtime", "difference",
    "speed",      "iou",        "improved",  "length",   "top5",       "fold",    "tolerance",
    "knn",        "svm",        "svc",       "tree",     "forest",     "bayes",   "xgboost",
    "log10",      "likelihood", "baseline",  "sklearn",  "dummy",      "tol",     "class",
    "estimating", "r2",         "r²",        "rsquared", "mape",       "rmsle"};
// These too, where the number follows them: "LR accuracy" is that of a logistic regression.
constexpr std::string_view kSettings[] = {"lr",    "lrate", "rate", "alpha",  "momentum",
                                          "size",  "seed",  "beta", "gamma",  "lambda",
                                          "decay", "eps",   "eta",  "epsilon"};

// clang-format off
constexpr std::string_view kEpoch[] = {
    "epoch", "époque", "epoque", "epochs", "ep", "epoc", "época", "epoca", "epoche", "эпоха",
    "epoka", "epochen", "世代", "轮", "回", "エポック", "에포크", "épocas", "époques", "epok", "epocă",
    "epocas", "エポック数", "에폭", "эпохи", "эпох",
    "epocha", "епоха", "epoke", "època", "dönem", "kỷ", "εποχή", "אפוק", "الحقبة", "دوره", "세대"};
// clang-format on
constexpr std::string_view kIteration[] = {
    "iteration", "iterations", "iter",     "iters",     "it",         "step",       "steps",
    "itr",       "round",      "rounds",   "iteración", "iteracion",  "iteração",   "itération",
    "итерация",  "迭代",       "次",       "loop",      "cycle",      "generation", "pass",
    "t",         "i",          "schritt",  "steg",      "iterasi",    "adım",       "vòng",
    "lặp",       "iterace",    "iteracja", "iteráció",  "ітерація",   "langkah",    "yineleme",
    "반복",      "шаг",        "krok",     "iteratie",  "iterazione", "iterationen"};
constexpr std::string_view kBatch[] = {"batch", "minibatch", "mini", "batches", "bi", "mb"};
constexpr std::string_view kRows[] = {"images", "samples",    "examples", "rows",     "points",
                                      "digits", "instances",  "records",  "pictures", "classes",
                                      "labels", "categories", "features"};
constexpr std::string_view kFillers[] = {
    "after",   "at",      "is",    "the",    "of",      "on",      "for",   "no",
    "number",  "num",     "with",  "tensor", "array",   "and",     "np",    "float64",
    "float32", "current", "total", "mean",   "avg",     "average", "final", "set",
    "data",    "this",    "in",    "images", "samples", "examples"};
// "over 5 runs": what is printed is of several.
constexpr std::string_view kNeurons[] = {
    "units",  "neurons",  "nodes",  "runs",    "folds", "seeds",       "trials",
    "models", "networks", "splits", "repeats", "nets",  "repetitions", "experiments"};
constexpr std::string_view kUnits[] = {"s",       "ms",  "us",   "sec",     "secs",   "second",
                                       "seconds", "min", "mins", "minutes", "minute", "h",
                                       "hours",   "m",   "it",   "step",    "ns",     "µs",
                                       "hrs",     "mb",  "gb",   "kb",      "x",      "params"};

// The small letter of a capital that is two bytes in UTF-8: of Latin-1, Latin Extended-A, Greek and
// Cyrillic.
int SmallLetter(int letter) {
  if (letter >= 0xC0 && letter <= 0xDE && letter != 0xD7) return letter + 0x20;
  const bool odd = letter % 2 == 1;
  const bool pairs = (letter >= 0x100 && letter <= 0x137) || (letter >= 0x14A && letter <= 0x177);
  if (pairs && letter != 0x130) return odd ? letter : letter + 1;
  const bool odd_pairs =
      (letter >= 0x139 && letter <= 0x148) || (letter >= 0x179 && letter <= 0x17E);
  if (odd_pairs) return odd ? letter + 1 : letter;
  if (letter >= 0x391 && letter <= 0x3A9) return letter + 0x20;
  if (letter >= 0x400 && letter <= 0x40F) return letter + 0x50;
  if (letter >= 0x410 && letter <= 0x42F) return letter + 0x20;
  return letter;
}

void LowerLast(std::string* word) {
  if (word->size() < 2) return;
  const auto lead = static_cast<unsigned char>((*word)[word->size() - 2]);
  const auto tail = static_cast<unsigned char>(word->back());
  if (lead < 0xC3 || lead > 0xDF) return;
  const int small = SmallLetter((lead & 0x1F) << 6 | (tail & 0x3F));
  (*word)[word->size() - 2] = static_cast<char>(0xC0 | small >> 6);
  word->back() = static_cast<char>(0x80 | (small & 0x3F));
}

// A name of two words in one: "Validierungsverlust", "testacc". The first names a split.
size_t SplitLength(std::string_view word) {
  static constexpr std::string_view kSplits[] = {
      "trainings",  "validierungs", "tränings", "validerings", "trenings", "validatie",
      "validation", "training",     "train",    "valid",       "test",     "val"};
  constexpr size_t kShortest = 3;  // of what follows
  for (const std::string_view split : kSplits) {
    if (word.size() < split.size() + kShortest || !word.starts_with(split)) continue;
    const std::string_view rest = word.substr(split.size());
    if (OneOf(rest, kLoss) || OneOf(rest, kAccuracy)) return split.size();
  }
  return 0;
}

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::vector<std::string> NameParts(std::string_view name) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool between = c == '_' || c == '-' || c == '.' || c == ' ';
    if (between || (IsUpper(c) && i > 0 && IsLower(name[i - 1]))) {
      if (!parts.back().empty()) parts.emplace_back();
    }
    if (!between) parts.back() += IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) LowerLast(&parts.back());
  }
  if (parts.back().empty()) parts.pop_back();
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t split = SplitLength(parts[i]);
    if (split == 0) continue;
    parts.insert(parts.begin() + static_cast<long>(i) + 1, parts[i].substr(split));
    parts[i].resize(split);
  }
  return parts;
}

MetricLabel LabelOf(const std::vector<std::string>& parts) {
  MetricLabel label;
  bool other = false;
  for (const std::string& part : parts) {
    if (OneOf(part, kTrain)) label.split = MetricSplit::kTrain;
    if (OneOf(part, kTest)) label.split = MetricSplit::kTest;
    const bool theta = part == "theta" && parts[0] == "j";  // J(theta)
    const bool mae = part == "mae" && parts.back() == "loss";
    other = other || (!theta && !mae && OneOf(part, kOther));
    if (label.kind != MetricKind::kUnknown) continue;
    if (OneOf(part, kLoss)) label.kind = MetricKind::kLoss;
    if (OneOf(part, kAccuracy)) label.kind = MetricKind::kAccuracy;
  }
  other = other || (!parts.empty() && OneOf(parts.back(), kSettings));
  // "data loss" is a part of the loss: the rest is a penalty.
  if (!parts.empty() && parts.front() == "data" && parts.size() > 1 && parts[1] == "loss") {
    other = true;
  }
  if (other) label.kind = MetricKind::kOther;
  return label;
}

int StepRank(std::string_view word) {
  if (OneOf(word, kEpoch)) return 2;
  return OneOf(word, kIteration) ? 1 : 0;
}

bool IsBatchWord(std::string_view word) { return OneOf(word, kBatch); }

bool IsRowWord(std::string_view word) { return OneOf(word, kRows); }

bool IsFiller(std::string_view word) {
  return std::find(std::begin(kFillers), std::end(kFillers), word) != std::end(kFillers);
}

bool IsNeuronWord(std::string_view word) { return OneOf(word, kNeurons); }

bool IsOrdinal(std::string_view word) {
  return word == "th" || word == "st" || word == "nd" || word == "rd";
}

bool IsUnit(std::string_view word) { return OneOf(word, kUnits); }

}  // namespace nabla
