#ifndef CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_KEEPER_H_
#define CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_KEEPER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/write_context.h"
#include "services/bundles/models/model_file.h"

namespace clustr::bundles {

// Where the trained models are kept: a folder beside the database of one server, or the database
// that several servers share. Thread-safe. Failures of the database are thrown.
class ModelKeeper {
 public:
  virtual ~ModelKeeper() = default;

  // True if other servers add and remove models as well.
  virtual bool shared() const = 0;

  // The numbers of the models that are kept, in no order; see TrainedId.
  virtual std::vector<int64_t> Numbers(storage::Session& session) const = 0;

  virtual bool Has(storage::Session& session, const std::string& model_id) const = 0;

  // Errors, with a message for operators: NOT_FOUND if the model cannot be read, and those of
  // DecodeModelFile.
  virtual absl::StatusOr<StoredModel> Read(storage::Session& session,
                                           const std::string& model_id) const = 0;

  // Keeps a model under its id. Only in a database is this part of the write: a file is there when
  // this returns.
  virtual absl::Status Write(storage::WriteContext& context, const StoredModel& model) const = 0;

  // Removes a model if it is there.
  virtual void Remove(storage::WriteContext& context, const std::string& model_id) const = 0;
};

// The id of the trained model with this number, from 1 on.
std::string TrainedId(int64_t number);
// The number in such an id; 0 for any other text.
int64_t NumberOfTrained(absl::string_view model_id);

// What the name of the file of a model ends with, behind its id.
inline constexpr char kModelSuffix[] = ".model";
// The number of the model whose file has this name; 0 for any other name.
int64_t NumberOfModelFile(absl::string_view name);

}  // namespace clustr::bundles

#endif  // CLUSTR_SERVICES_BUNDLES_MODELS_MODEL_KEEPER_H_
