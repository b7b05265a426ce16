#include "services/bundles/products/model_bytes.h"

#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace clustr::products {
namespace {

static_assert(std::endian::native == std::endian::little, "the bytes are those of memory");

class Encoder {
 public:
  template <class T>
  void Put(const T& value) {
    static_assert(std::is_arithmetic_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  template <class Values>
  void PutAll(const Values& values) {
    Put(static_cast<uint64_t>(values.size()));
    for (const auto& value : values) Put(value);
  }
  void Put(const ProductLinks& links) {
    Put(static_cast<uint64_t>(links.size()));
    for (ProductNumber source = 0; source < links.size(); ++source) {
      PutAll(links.row(source).targets);
      PutAll(links.row(source).weights);
    }
  }
  void Put(const TaskModel& task) {
    Put(task.basket_links);
    Put(static_cast<uint8_t>(task.takes_maximum));
    Put(task.history_links);
    const TaskWeights& w = task.weights;
    for (const double number : {w.own, w.own_exponent, w.own_half_life_days, w.similar, w.popular,
                                w.common, w.recent_exponent, w.count_exponent}) {
      Put(number);
    }
  }
  // What TaskWeights and models had no place for before.
  void PutAgain(const ProductModel& model) {
    for (const TaskModel* task : {&model.completion, &model.next_basket}) {
      Put(task->weights.again_exponent);
    }
    PutAll(model.again);
  }
  // What rankers had no place for before.
  void PutLines(const ProductModel& model) {
    for (const TaskModel* task : {&model.completion, &model.next_basket}) {
      if (task->ranker) PutAll(task->ranker->line);
    }
  }
  void Put(const DueWeights& due) {
    for (const double number : {due.usual_gap_days, due.scale, due.exponent}) Put(number);
  }

  void Put(const Ranker& ranker) {
    Put(ranker.trees.base);
    PutAll(ranker.trees.roots);
    Put(static_cast<uint64_t>(ranker.trees.nodes.size()));
    for (const TreeNode& node : ranker.trees.nodes) {
      Put(node.left);
      Put(node.feature);
      Put(node.missing_goes_left);
      Put(node.value);
      Put(node.cover);
    }
    Put(static_cast<uint64_t>(ranker.times.size()));
    for (const ProductTimes& times : ranker.times) {
      Put(times.first_days);
      Put(times.last_days);
    }
    Put(ranker.confidence);
  }

  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Each method returns false if the bytes do not suffice.
class Decoder {
 public:
  explicit Decoder(absl::string_view bytes) : bytes_(bytes) {}

  template <class T>
    requires std::is_arithmetic_v<T>
  bool Get(T* value) {
    if (bytes_.size() < sizeof(*value)) return false;
    std::memcpy(value, bytes_.data(), sizeof(*value));
    bytes_.remove_prefix(sizeof(*value));
    return true;
  }
  template <class T>
  bool GetAll(std::vector<T>* values) {
    uint64_t count = 0;
    if (!Get(&count) || count > bytes_.size() / sizeof(T)) return false;
    values->resize(count);
    for (T& value : *values) Get(&value);
    return true;
  }
  bool Get(ProductLinks* links) {
    uint64_t count = 0;
    if (!Get(&count)) return false;
    std::vector<ProductNumber> targets;
    std::vector<float> weights;
    for (uint64_t source = 0; source < count; ++source) {
      if (!GetAll(&targets) || !GetAll(&weights) || targets.size() != weights.size()) return false;
      links->AddRow(targets, weights);
    }
    return true;
  }
  bool Get(TaskModel* task) {
    uint8_t takes_maximum = 0;
    if (!Get(&task->basket_links) || !Get(&takes_maximum) || takes_maximum > 1 ||
        !Get(&task->history_links)) {
      return false;
    }
    task->takes_maximum = takes_maximum != 0;
    TaskWeights& w = task->weights;
    for (double* number : {&w.own, &w.own_exponent, &w.own_half_life_days, &w.similar, &w.popular,
                           &w.common, &w.recent_exponent, &w.count_exponent}) {
      if (!Get(number)) return false;
    }
    return true;
  }
  bool Get(DueWeights* due) {
    return Get(&due->usual_gap_days) && Get(&due->scale) && Get(&due->exponent);
  }

  bool Get(TreeNode* node) {
    return Get(&node->left) && Get(&node->feature) && Get(&node->missing_goes_left) &&
           Get(&node->value) && Get(&node->cover);
  }
  bool Get(ProductTimes* times) {
    return Get(&times->first_days) && Get(&times->last_days);
  }
  bool Get(Ranker* ranker) {
    return Get(&ranker->trees.base) && GetAll(&ranker->trees.roots) &&
           GetAll(&ranker->trees.nodes) && GetAll(&ranker->times) && Get(&ranker->confidence);
  }
  // A task's ranker, if the byte before it says that there is one.
  bool Get(std::optional<Ranker>* ranker) {
    uint8_t has_ranker = 0;
    if (!Get(&has_ranker) || has_ranker > 1) return false;
    return has_ranker == 0 || Get(&ranker->emplace());
  }

  bool GetAgain(ProductModel* model) {
    return Get(&model->completion.weights.again_exponent) &&
           Get(&model->next_basket.weights.again_exponent) && GetAll(&model->again);
  }

  bool GetLines(ProductModel* model) {
    for (TaskModel* task : {&model->completion, &model->next_basket}) {
      if (task->ranker && !GetAll(&task->ranker->line)) return false;
    }
    return true;
  }

  bool at_end() const { return bytes_.empty(); }

 private:
  absl::string_view bytes_;
};

bool HasRanker(const ProductModel& model) {
  return model.completion.ranker.has_value() || model.next_basket.ranker.has_value();
}

bool HasLine(const ProductModel& model) {
  const auto has_line = [](const TaskModel& task) {
    return task.ranker && !task.ranker->line.empty();
  };
  return has_line(model.completion) || has_line(model.next_basket);
}

}  // namespace

std::string EncodeModel(const ProductModel& model) {
  Encoder out;
  out.PutAll(model.skus);
  out.PutAll(model.counts);
  out.PutAll(model.recent);
  out.Put(model.reference_day);
  out.Put(model.guest_baskets);
  out.Put(model.completion);
  out.Put(model.next_basket);
  out.Put(model.due);
  if (!HasRanker(model) && !UsesAgain(model)) return out.Take();
  for (const TaskModel* task : {&model.completion, &model.next_basket}) {
    out.Put(static_cast<uint8_t>(task->ranker.has_value()));
    if (task->ranker) out.Put(*task->ranker);
  }
  if (!UsesAgain(model) && !HasLine(model)) return out.Take();
  out.PutAgain(model);
  if (HasLine(model)) out.PutLines(model);
  return out.Take();
}

std::optional<ProductModel> DecodeModel(absl::string_view bytes) {
  Decoder in(bytes);
  ProductModel model;
  const bool read = in.GetAll(&model.skus) && in.GetAll(&model.counts) &&
                    in.GetAll(&model.recent) && in.Get(&model.reference_day) &&
                    in.Get(&model.guest_baskets) && in.Get(&model.completion) &&
                    in.Get(&model.next_basket);
  if (!read) return std::nullopt;
  // The bytes of models that did not learn DueWeights end here, those of models that have neither a
  // ranker nor use `again` after them, those that do not use `again` after the rankers, and those
  // without a line after `again`.
  const auto ended = [&] { return in.at_end(); };
  const bool whole =
      ended() || (in.Get(&model.due) && ended()) ||
      (in.Get(&model.completion.ranker) && in.Get(&model.next_basket.ranker) &&
       ((HasRanker(model) && ended()) ||
        (in.GetAgain(&model) &&
         ((UsesAgain(model) && ended()) || (in.GetLines(&model) && HasLine(model) && ended())))));
  if (!whole || !ValidateModel(model)) return std::nullopt;
  return model;
}

}  // namespace clustr::products
