#ifndef CLUSTR_COMMON_RESOURCE_RESOURCE_H_
#define CLUSTR_COMMON_RESOURCE_RESOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/resource/importer.h"
#include "common/resource/row_cache.h"
#include "common/resource/row_field.h"
#include "common/resource/row_keys.h"
#include "common/resource/row_page.h"
#include "common/resource/row_writer.h"
#include "common/rpc/call.h"
#include "common/rpc/row_calls.h"
#include "common/rpc/stream_out.h"
#include "common/storage/listing.h"
#include "common/storage/page_token.h"
#include "google/protobuf/reflection.h"

namespace clustr::resource {

// NOT_FOUND that names the first 20 ids, the first 20 keys, and the numbers of the others.
absl::Status RowsNotFound(const storage::Table& table, const std::vector<int64_t>& ids,
                          const std::vector<std::string>& keys = {});

// ABORTED with reason REVISION_MISMATCH unless `expected` is 0 or the stored revision.
absl::Status CheckRevision(const storage::Table& table, int64_t expected, int64_t stored);

// The calls that every stored model M offers, over one table: the method of a service is one line
// that names one of these. Nothing here knows a model: the fields of requests and responses are
// found by their type, or by a name that all of them share. Thread-safe; borrows the store, the
// classes of calls and the pool.
template <class M>
class Resource {
 public:
  // `pool` prepares the batches of imports. `make_rules` makes the rules of each write that is not
  // given any. `keys`, which is borrowed, completes the rows that are read; nullptr for a model
  // without references by key.
  Resource(
      storage::Store* store, rpc::RowCalls* calls, ThreadPool* pool,
      MakeRowRules make_rules = [] { return nullptr; }, const RowKeys* keys = nullptr)
      : store_(*store),
        calls_(*calls),
        pool_(*pool),
        table_(*M::descriptor()),
        writer_(&table_, &schema::ValidatorOf<M>()),
        make_rules_(std::move(make_rules)),
        keys_(keys),
        key_(table_.columns()[table_.ColumnOf(*schema::KeyFields(table_.model()).front())]),
        word_(schema::ResourceWord(table_.model())) {}

  const storage::Table& table() const { return table_; }
  const RowWriter& writer() const { return writer_; }

  // The id of the row that a request names by id or by key; 0 if no row has the key. At most one
  // look-up in an index.
  template <class Request>
  int64_t RowNamedBy(storage::Session& session, const Request& request) const;
  // NOT_FOUND for the row that the request names.
  template <class Request>
  absl::Status NotFound(const Request& request) const;

  // Unary calls. Their contracts are those of the .proto files.

  template <class Request, class Response>
  grpc::ServerUnaryReactor* Create(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response);

  // Answers a row that was read since the last commit from memory, on gRPC's own thread.
  template <class Request, class Response>
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const Request* request,
                                Response* response);

  template <class Request, class Response>
  grpc::ServerUnaryReactor* BatchGet(grpc::CallbackServerContext* context, const Request* request,
                                     Response* response);

  template <class Request, class Response>
  grpc::ServerUnaryReactor* List(grpc::CallbackServerContext* context, const Request* request,
                                 Response* response);

  template <class Request, class Response>
  grpc::ServerUnaryReactor* Update(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response);

  template <class Request, class Response>
  grpc::ServerUnaryReactor* Delete(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response);

  // Streams.

  // Imports rows that refer to nothing outside of the database.
  template <class Request, class Response>
  grpc::ServerReadReactor<grpc::ByteBuffer>* Import(grpc::CallbackServerContext* context,
                                                    grpc::ByteBuffer* response) {
    return Import<Request, Response>(context, response,
                                     std::make_unique<NoPreparation<Request>>(make_rules_));
  }

  // Imports rows in batches that `preparation` prepares.
  template <class Request, class Response>
  grpc::ServerReadReactor<grpc::ByteBuffer>* Import(
      grpc::CallbackServerContext* context, grpc::ByteBuffer* response,
      std::unique_ptr<ImportPreparation<Request>> preparation) {
    return new rpc::StreamIn<Request, Response>(
        *context, response, pool_, store_, rpc::PlaceFor<Request>(*context, calls_.imports),
        &calls_.pauses,
        std::make_unique<Importer<M, Request, Response>>(&writer_, std::move(preparation)));
  }

  template <class Request, class Response>
  grpc::ServerWriteReactor<Response>* Export(grpc::CallbackServerContext* context,
                                             const Request* request);

  // Create and Update in two parts, for a service that has its own call frame: Check… appends the
  // violations of a request, on any thread; …Row writes the row, on the writer thread.

  template <class Request>
  void CheckCreate(const Request& asked, std::vector<Violation>* violations) const;
  template <class Request, class Response>
  absl::Status CreateRow(storage::WriteContext& write, RowRules* rules, const Request& asked,
                         Response* answer) const;

  template <class Request>
  void CheckUpdate(const Request& asked, std::vector<Violation>* violations) const;
  template <class Request, class Response>
  absl::Status UpdateRow(storage::WriteContext& write, RowRules* rules, const Request& asked,
                         Response* answer) const;

 private:
  static constexpr int64_t kExportBatch = 1000;

  template <class Request, class Response>
  absl::Status DeleteRow(storage::WriteContext& write, const Request& asked,
                         Response* answer) const;
  template <class Request, class Response>
  absl::Status FillPage(const storage::Listing& listing, const Caller& caller, const Request& asked,
                        Response* answer);
  // Fills the batch of an export behind `place` and moves `place` on; false if there are no rows.
  template <class Response>
  absl::StatusOr<bool> FillBatch(const storage::Listing& listing, const Caller& caller, M* place,
                                 Response* batch);

  // Appends what is wrong with a list that compares personal data which the caller must not see.
  template <class Request>
  static void CheckMayCompare(const grpc::ServerContextBase& context, const Request&,
                              const storage::Listing& listing, std::vector<Violation>* violations) {
    if (!violations->empty()) return;  // Then the listing must not be used.
    for (const char* field : listing.PersonalFields()) {
      rpc::CheckMayCompare(context, rpc::MethodOf<Request>(), field, violations);
    }
  }

  void CreateFrom(storage::WriteContext& write, RowRules* rules, const M& given, M* row,
                  std::vector<Violation>* violations) const;

  // A request names a row by a field with the name of the model's id, or by the key of that field.
  template <class Request>
  int64_t IdIn(const Request& request) const {
    return schema::GetInt64(request, *IdFieldIn<Request>());
  }
  template <class Request>
  std::string KeyIn(const Request& request) const {
    static const auto* field = schema::KeyOf(*Request::descriptor(), *IdFieldIn<Request>());
    return request.GetReflection()->GetString(request, field);
  }
  template <class Request>
  const google::protobuf::FieldDescriptor* IdFieldIn() const {
    static const auto* field = Request::descriptor()->FindFieldByName(table_.id_field().name());
    return field;
  }
  int64_t FindKey(storage::Session& session, const std::string& key) const {
    schema::Cell cell;
    cell.text = key;
    return table_.FindId(session, key_, cell);
  }

  // An update names the row by the id in it, by the key that the row has now, or by the key in it.
  template <class Request>
  static std::string CurrentKey(const Request& asked) {
    if constexpr (requires { asked.external_id(); }) return asked.external_id();
    return "";
  }

  // Completes a row that was read.
  void FillKeys(storage::Session& session, const google::protobuf::Message* previous,
                google::protobuf::Message* row) const {
    if (keys_ != nullptr) keys_->Fill(session, previous, row);
  }

  template <class Request>
  static schema::RowUpdate UpdateOf(const Request& asked, std::vector<Violation>* violations) {
    return schema::RowUpdate(*M::descriptor(), asked.update_mask(), "update_mask",
                             schema::RowUpdate::Kind::kUpdate, violations);
  }

  // The listing with ids instead of the keys that its filter compares.
  absl::StatusOr<storage::Listing> ById(storage::Session& session,
                                        const storage::Listing& listing) const {
    if (keys_ == nullptr || !listing.ComparesKeys()) return listing;
    absl::Status status;
    storage::Listing by_id = listing.WithIds([&](const auto& field, const auto& key) {
      const absl::StatusOr<int64_t> id = keys_->Find(session, field, key);
      status.Update(id.status());
      return id.value_or(0);
    });
    if (!status.ok()) return status;
    return by_id;
  }

  storage::Store& store_;
  rpc::RowCalls& calls_;
  ThreadPool& pool_;
  const storage::Table table_;
  const RowWriter writer_;
  const MakeRowRules make_rules_;
  const RowKeys* const keys_;
  const schema::Column& key_;  // Holds what the shop calls a row.
  const std::string word_;     // The resource, as in the names of fields: `product`.
  // Stays empty if other servers may write: a row may then change before this one notices.
  RowCache<M> cache_;
};

// Create.

template <class M>
template <class Request, class Response>
grpc::ServerUnaryReactor* Resource<M>::Create(grpc::CallbackServerContext* context,
                                              const Request* request, Response* response) {
  return rpc::WriteCall(
      context, request, response, store_, calls_.writes,
      [this](storage::WriteContext& write, const Request& asked, Response* answer) {
        return CreateRow(write, make_rules_().get(), asked, answer);
      },
      [this](const Request& asked, std::vector<Violation>* violations) {
        CheckCreate(asked, violations);
      });
}

template <class M>
template <class Request>
void Resource<M>::CheckCreate(const Request& asked, std::vector<Violation>* violations) const {
  if (!HasRow<M>(asked)) return;
  if (table_.Id(RowIn<M>(asked)) != 0) {
    violations->push_back({schema::JoinPath(word_, table_.id_field().name()),
                           "is assigned by the server; leave it unset"});
  }
  writer_.validator().CheckRequired(RowIn<M>(asked), word_, violations);
}

template <class M>
template <class Request, class Response>
absl::Status Resource<M>::CreateRow(storage::WriteContext& write, RowRules* rules,
                                    const Request& asked, Response* answer) const {
  std::vector<Violation> violations;
  CreateFrom(write, rules, RowIn<M>(asked), MutableRowIn<M>(answer), &violations);
  if (!violations.empty()) return ViolationError(std::move(violations));
  if (rules != nullptr) rules->End(write);
  return absl::OkStatus();
}

template <class M>
void Resource<M>::CreateFrom(storage::WriteContext& write, RowRules* rules, const M& given, M* row,
                             std::vector<Violation>* violations) const {
  *row = given;
  writer_.ClearImportOnly(row);
  writer_.Create(write, rules, row, word_, violations);
}

// Get and BatchGet.

template <class M>
template <class Request>
int64_t Resource<M>::RowNamedBy(storage::Session& session, const Request& request) const {
  const int64_t id = IdIn(request);
  return id != 0 ? id : FindKey(session, KeyIn(request));
}

template <class M>
template <class Request>
absl::Status Resource<M>::NotFound(const Request& request) const {
  if (const int64_t id = IdIn(request); id != 0) return RowsNotFound(table_, {id});
  return RowsNotFound(table_, {}, {KeyIn(request)});
}

template <class M>
template <class Request, class Response>
grpc::ServerUnaryReactor* Resource<M>::Get(grpc::CallbackServerContext* context,
                                           const Request* request, Response* response) {
  return rpc::ReadCall(
      context, request, response, calls_.reads,
      [this](const Request& asked, Response* answer) {
        const int64_t head = store_.head_revision();
        return store_.Read([&](storage::Session& session) {
          const int64_t id = RowNamedBy(session, asked);
          M* row = MutableRowIn<M>(answer);
          if (!table_.Get(session, id, row)) return NotFound(asked);
          if (keys_ != nullptr) keys_->FillStored(session, nullptr, row);
          if (!store_.shared()) cache_.Put(id, head, *row);
          if (keys_ != nullptr) keys_->FillKnown(row);
          return absl::OkStatus();
        });
      },
      [this](const Request& asked, Response* answer) {
        M* row = MutableRowIn<M>(answer);
        const bool found = cache_.Find(IdIn(asked), store_.head_revision(), row);
        if (found && keys_ != nullptr) keys_->FillKnown(row);
        return found;
      });
}

template <class M>
template <class Request, class Response>
grpc::ServerUnaryReactor* Resource<M>::BatchGet(grpc::CallbackServerContext* context,
                                                const Request* request, Response* response) {
  return rpc::ReadCall(
      context, request, response, calls_.reads, [this](const Request& asked, Response* answer) {
        const auto* ids_field =
            Request::descriptor()->FindFieldByName(table_.id_field().name() + "s");
        const auto* keys_field = schema::KeyOf(*Request::descriptor(), *ids_field);
        const auto& reflection = *asked.GetReflection();
        const auto ids = reflection.template GetRepeatedFieldRef<int64_t>(asked, ids_field);
        const auto keys = reflection.template GetRepeatedFieldRef<std::string>(asked, keys_field);
        return store_.Read([&](storage::Session& session) {
          const auto read = [&](int64_t id, const auto& name, auto* missing) {
            M* row = AddRow<M>(answer);
            if (table_.Get(session, id, row)) return FillKeys(session, nullptr, row);
            if (absl::c_find(*missing, name) == missing->end()) missing->push_back(name);
          };
          std::vector<int64_t> missing_ids;
          for (const int64_t id : ids) read(id, id, &missing_ids);
          std::vector<std::string> missing_keys;
          for (const std::string& key : keys) read(FindKey(session, key), key, &missing_keys);
          const bool complete = missing_ids.empty() && missing_keys.empty();
          return complete ? absl::OkStatus() : RowsNotFound(table_, missing_ids, missing_keys);
        });
      });
}

// List.

template <class M>
template <class Request, class Response>
grpc::ServerUnaryReactor* Resource<M>::List(grpc::CallbackServerContext* context,
                                            const Request* request, Response* response) {
  auto listing = std::make_shared<std::optional<storage::Listing>>();
  return rpc::StartCall(
      context, request, response, calls_.scans,
      [this, listing](auto* call) {
        call->Reply(FillPage(**listing, call->caller(), call->request(), &call->response()));
      },
      [this, &listing, context](const Request& asked, std::vector<Violation>* violations) {
        listing->emplace(&table_, asked.filter(), asked.order_by(), violations);
        CheckMayCompare(*context, asked, **listing, violations);
      });
}

template <class M>
template <class Request, class Response>
absl::Status Resource<M>::FillPage(const storage::Listing& given_listing, const Caller& caller,
                                   const Request& asked, Response* answer) {
  storage::PageToken token;
  M place;
  if (!asked.page_token().empty()) {
    CLUSTR_ASSIGN_OR_RETURN(token, storage::DecodePageToken(asked.page_token(), asked));
    if (!place.ParseFromString(token.key)) return storage::PageTokenError(asked.page_token());
    schema::SetInt64(&place, table_.id_field(), token.after);
  }
  const int64_t page_size = storage::PageSize(asked.page_size());
  const auto read = [&](storage::Session& session) -> absl::Status {
    CLUSTR_ASSIGN_OR_RETURN(const storage::Listing listing, ById(session, given_listing));
    // One row beyond the page tells whether there is another page.
    const auto complete = [&](const auto* previous, auto* row) {
      FillKeys(session, previous, row);
    };
    RowPage page(page_size, answer, RowField<M, Response>(), complete);
    listing.Read(session, place, page_size + 1, [&] { return page.Next(); });
    page.End();
    if (asked.page_token().empty()) {
      // Rows that fit on the first page need not be counted again.
      token.total_size = page.full() ? listing.Count(session) : page.rows();
    }
    answer->set_total_size(token.total_size);
    if (page.full()) {
      M next;
      listing.CopyPlace(page.last(), &next);
      token.key = next.SerializeAsString();
      token.after = table_.Id(page.last());
      answer->set_next_page_token(storage::EncodePageToken(token, asked));
    }
    return absl::OkStatus();
  };
  return store_.Read(read, caller);
}

// Update.

template <class M>
template <class Request, class Response>
grpc::ServerUnaryReactor* Resource<M>::Update(grpc::CallbackServerContext* context,
                                              const Request* request, Response* response) {
  return rpc::WriteCall(
      context, request, response, store_, calls_.writes,
      [this](storage::WriteContext& write, const Request& asked, Response* answer) {
        return UpdateRow(write, make_rules_().get(), asked, answer);
      },
      [this](const Request& asked, std::vector<Violation>* violations) {
        CheckUpdate(asked, violations);
      });
}

template <class M>
template <class Request>
void Resource<M>::CheckUpdate(const Request& asked, std::vector<Violation>* violations) const {
  UpdateOf(asked, violations);
  if (!HasRow<M>(asked)) return;
  const M& row = RowIn<M>(asked);
  const bool has_id = table_.Id(row) != 0;
  const std::string id_path = schema::JoinPath(word_, table_.id_field().name());
  if (has_id && !CurrentKey(asked).empty()) {
    violations->push_back(
        {"external_id", absl::StrCat("names what ", id_path, " names; give one of the two")});
  }
  if (!has_id && CurrentKey(asked).empty() && !writer_.HasKey(row)) {
    violations->push_back({id_path, absl::StrCat("is required and missing; give the id of the row ",
                                                 "to change, or its ", key_.name)});
  }
}

template <class M>
template <class Request, class Response>
absl::Status Resource<M>::UpdateRow(storage::WriteContext& write, RowRules* rules,
                                    const Request& asked, Response* answer) const {
  const M& given = RowIn<M>(asked);
  std::vector<Violation> violations;
  const schema::RowUpdate update = UpdateOf(asked, &violations);
  const std::string current_key = CurrentKey(asked);
  int64_t id = table_.Id(given);
  if (id == 0) {
    id = current_key.empty() ? writer_.FindByKey(write, given)
                             : FindKey(write.session(), current_key);
  }
  M* row = MutableRowIn<M>(answer);
  const bool exists = table_.Get(write.session(), id, row);
  if (!exists && !asked.allow_missing()) {
    if (table_.Id(given) != 0) return RowsNotFound(table_, {id});
    const auto* key = key_.field;
    return RowsNotFound(
        table_, {},
        {current_key.empty() ? given.GetReflection()->GetString(given, key) : current_key});
  }
  CLUSTR_RETURN_IF_ERROR(CheckRevision(table_, given.revision(), exists ? row->revision() : 0));
  if (exists) {
    writer_.Update(write, rules, update, given, word_, row, &violations);
  } else {
    M fresh = given;
    if (!current_key.empty() && !writer_.HasKey(fresh)) {
      fresh.GetReflection()->SetString(&fresh, key_.field, current_key);
    }
    CreateFrom(write, rules, fresh, row, &violations);
  }
  if (!violations.empty()) return ViolationError(std::move(violations));
  if (rules != nullptr) rules->End(write);
  return absl::OkStatus();
}

// Delete.

template <class M>
template <class Request, class Response>
grpc::ServerUnaryReactor* Resource<M>::Delete(grpc::CallbackServerContext* context,
                                              const Request* request, Response* response) {
  return rpc::WriteCall(context, request, response, store_, calls_.writes,
                        [this](storage::WriteContext& write, const Request& asked,
                               Response* answer) { return DeleteRow(write, asked, answer); });
}

template <class M>
template <class Request, class Response>
absl::Status Resource<M>::DeleteRow(storage::WriteContext& write, const Request& asked,
                                    Response* answer) const {
  const int64_t id = RowNamedBy(write.session(), asked);
  M row;
  if (!table_.Get(write.session(), id, &row)) {
    if (!asked.allow_missing()) return NotFound(asked);
    answer->set_revision(table_.RemovedAt(write.session(), id));
    return absl::OkStatus();
  }
  CLUSTR_RETURN_IF_ERROR(CheckRevision(table_, asked.revision(), row.revision()));
  const std::unique_ptr<RowRules> rules = make_rules_();
  writer_.Delete(write, rules.get(), row);
  if (rules != nullptr) rules->End(write);
  answer->set_revision(write.Revision());
  return absl::OkStatus();
}

// Export.

template <class M>
template <class Request, class Response>
grpc::ServerWriteReactor<Response>* Resource<M>::Export(grpc::CallbackServerContext* context,
                                                        const Request* request) {
  auto listing = std::make_shared<std::optional<storage::Listing>>();
  return rpc::StreamOut<Request, Response>::Start(
      context, request, calls_.scans, calls_.exports, &calls_.pauses,
      [this, &listing](const Request& asked) {
        const auto* after_field =
            Request::descriptor()->FindFieldByName("after_" + table_.id_field().name());
        M place;
        schema::SetInt64(&place, table_.id_field(), schema::GetInt64(asked, *after_field));
        return [this, listing, place = std::move(place)](const Caller& caller,
                                                         Response* batch) mutable {
          return FillBatch(**listing, caller, &place, batch);
        };
      },
      [this, &listing, context](const Request& asked, std::vector<Violation>* violations) {
        listing->emplace(&table_, asked.filter(), /*order_by=*/"", violations);
        CheckMayCompare(*context, asked, **listing, violations);
      });
}

template <class M>
template <class Response>
absl::StatusOr<bool> Resource<M>::FillBatch(const storage::Listing& given_listing,
                                            const Caller& caller, M* place, Response* batch) {
  batch->Clear();
  bool found = false;
  const auto read = [&](storage::Session& session) -> absl::Status {
    const auto complete = [&](const auto* previous, auto* row) {
      FillKeys(session, previous, row);
    };
    RowPage page(kExportBatch, batch, RowField<M, Response>(), complete);
    CLUSTR_ASSIGN_OR_RETURN(const storage::Listing listing, ById(session, given_listing));
    listing.Read(session, *place, kExportBatch, [&] { return page.Next(); });
    page.End();
    found = page.rows() > 0;
    if (found) schema::SetInt64(place, table_.id_field(), table_.Id(page.last()));
    return absl::OkStatus();
  };
  CLUSTR_RETURN_IF_ERROR(store_.Read(read, caller));
  return found;
}

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_RESOURCE_H_
