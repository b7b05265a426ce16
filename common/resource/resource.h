#ifndef CLUSTR_COMMON_RESOURCE_RESOURCE_H_
#define CLUSTR_COMMON_RESOURCE_RESOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/resource/importer.h"
#include "common/resource/row_cache.h"
#include "common/resource/row_writer.h"
#include "common/rpc/call.h"
#include "common/rpc/stream_out.h"
#include "common/storage/listing.h"
#include "common/storage/page_token.h"
#include "google/protobuf/reflection.h"

namespace clustr::resource {

// The calls that every stored model offers, over one table: a service's method is one line that
// names one of these. Request and response types give their fields by type or by the name that all
// of them share, so nothing of a model is written here. Thread-safe; borrows the store and the
// pool.
template <class M>
class Resource {
 public:
  // `make_rules` makes the rules of each write that is not given any.
  Resource(
      storage::Store* store, ThreadPool* pool, MakeRowRules make_rules = [] { return nullptr; })
      : store_(*store),
        pool_(*pool),
        table_(*M::descriptor()),
        writer_(&table_, &schema::ValidatorOf<M>()),
        make_rules_(std::move(make_rules)),
        one_(absl::AsciiStrToLower(table_.resource())) {}

  const storage::Table& table() const { return table_; }
  const RowWriter& writer() const { return writer_; }

  template <class Request, class Response>
  grpc::ServerUnaryReactor* Create(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response) {
    return rpc::WriteCall(
        context, request, response, store_,
        [this](storage::WriteContext& write, const Request& asked, Response* answer) {
          return CreateRow(write, make_rules_().get(), asked, answer);
        },
        [this](const Request& asked, std::vector<Violation>* violations) {
          CheckCreate(asked, violations);
        });
  }

  // Create in two parts, for a service with a frame of its own: what the request breaks, on any
  // thread, and then the row, on the writer thread.
  template <class Request>
  void CheckCreate(const Request& asked, std::vector<Violation>* violations) const {
    if (!asked.GetReflection()->HasField(asked, RowField<Request>())) return;
    if (table_.Id(Row(asked)) != 0) {
      violations->push_back({schema::JoinPath(one_, table_.id_field().name()),
                             "is assigned by the server; leave it unset"});
    }
    writer_.validator().CheckRequired(Row(asked), one_, violations);
  }
  template <class Request, class Response>
  absl::Status CreateRow(storage::WriteContext& write, RowRules* rules, const Request& asked,
                         Response* answer) const {
    std::vector<Violation> violations;
    CreateFrom(write, rules, Row(asked), MutableRow(answer), &violations);
    if (!violations.empty()) return ViolationError(std::move(violations));
    if (rules != nullptr) rules->End(write);
    return absl::OkStatus();
  }

  template <class Request, class Response>
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const Request* request,
                                Response* response) {
    return rpc::ReadCall(
        context, request, response, pool_,
        [this](const Request& asked, Response* answer) {
          const int64_t id = IdIn(asked);
          const int64_t head = store_.head_revision();
          return store_.Read([&](storage::Session& session) {
            if (!table_.Get(session, id, MutableRow(answer))) return NotFound({id});
            cache_.Put(id, head, *MutableRow(answer));
            return absl::OkStatus();
          });
        },
        [this](const Request& asked, Response* answer) {
          return cache_.Find(IdIn(asked), store_.head_revision(), MutableRow(answer));
        });
  }

  template <class Request, class Response>
  grpc::ServerUnaryReactor* BatchGet(grpc::CallbackServerContext* context, const Request* request,
                                     Response* response) {
    return rpc::ReadCall(
        context, request, response, pool_, [this](const Request& asked, Response* answer) {
          const auto* ids_field =
              Request::descriptor()->FindFieldByName(table_.id_field().name() + "s");
          const auto ids =
              asked.GetReflection()->template GetRepeatedFieldRef<int64_t>(asked, ids_field);
          return store_.Read([&](storage::Session& session) {
            std::vector<int64_t> missing;
            for (const int64_t id : ids) {
              const bool found = table_.Get(session, id, AddRow(answer));
              if (!found && absl::c_find(missing, id) == missing.end()) missing.push_back(id);
            }
            return missing.empty() ? absl::OkStatus() : NotFound(missing);
          });
        });
  }

  template <class Request, class Response>
  grpc::ServerUnaryReactor* List(grpc::CallbackServerContext* context, const Request* request,
                                 Response* response) {
    auto listing = std::make_shared<std::optional<storage::Listing>>();
    return rpc::StartCall(
        context, request, response, pool_,
        [this, listing](auto* call) {
          call->Reply(FillPage(**listing, call->caller(), call->request(), &call->response()));
        },
        [this, &listing](const Request& asked, std::vector<Violation>* violations) {
          listing->emplace(&table_, asked.filter(), asked.order_by(), violations);
        });
  }

  template <class Request, class Response>
  grpc::ServerUnaryReactor* Update(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response) {
    return rpc::WriteCall(
        context, request, response, store_,
        [this](storage::WriteContext& write, const Request& asked, Response* answer) {
          return UpdateRow(write, make_rules_().get(), asked, answer);
        },
        [this](const Request& asked, std::vector<Violation>* violations) {
          CheckUpdate(asked, violations);
        });
  }

  // Update in two parts: see CheckCreate.
  template <class Request>
  void CheckUpdate(const Request& asked, std::vector<Violation>* violations) const {
    UpdateOf(asked, violations);
    if (asked.GetReflection()->HasField(asked, RowField<Request>()) && table_.Id(Row(asked)) == 0) {
      violations->push_back({schema::JoinPath(one_, table_.id_field().name()),
                             "is required and missing; give the id of the row to change"});
    }
  }
  template <class Request, class Response>
  absl::Status UpdateRow(storage::WriteContext& write, RowRules* rules, const Request& asked,
                         Response* answer) const {
    const M& given = Row(asked);
    std::vector<Violation> violations;
    const schema::RowUpdate update = UpdateOf(asked, &violations);
    const int64_t id = table_.Id(given);
    M* row = MutableRow(answer);
    const bool exists = table_.Get(write.session(), id, row);
    if (!exists && !asked.allow_missing()) return NotFound({id});
    CLUSTR_RETURN_IF_ERROR(CheckRevision(given.revision(), exists ? row->revision() : 0));
    if (exists) {
      writer_.Update(write, rules, update, given, one_, row, &violations);
    } else {
      CreateFrom(write, rules, given, row, &violations);
    }
    if (!violations.empty()) return ViolationError(std::move(violations));
    if (rules != nullptr) rules->End(write);
    return absl::OkStatus();
  }

  template <class Request, class Response>
  grpc::ServerUnaryReactor* Delete(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response) {
    return rpc::WriteCall(context, request, response, store_,
                          [this](storage::WriteContext& write, const Request& asked,
                                 Response* answer) -> absl::Status {
                            const int64_t id = IdIn(asked);
                            M row;
                            if (!table_.Get(write.session(), id, &row)) {
                              if (!asked.allow_missing()) return NotFound({id});
                              answer->set_revision(table_.RemovedAt(write.session(), id));
                              return absl::OkStatus();
                            }
                            CLUSTR_RETURN_IF_ERROR(CheckRevision(asked.revision(), row.revision()));
                            const std::unique_ptr<RowRules> rules = make_rules_();
                            writer_.Delete(write, rules.get(), row);
                            if (rules != nullptr) rules->End(write);
                            answer->set_revision(write.Revision());
                            return absl::OkStatus();
                          });
  }

  // An import whose rows refer to nothing outside of the database.
  template <class Request, class Response>
  grpc::ServerReadReactor<grpc::ByteBuffer>* Import(grpc::ByteBuffer* response) {
    return Import<Request, Response>(response,
                                     std::make_unique<NoPreparation<Request>>(make_rules_), &pool_);
  }
  // An import whose batches are prepared on `pool` by `preparation`.
  template <class Request, class Response>
  grpc::ServerReadReactor<grpc::ByteBuffer>* Import(
      grpc::ByteBuffer* response, std::unique_ptr<ImportPreparation<Request>> preparation,
      ThreadPool* pool) {
    return new rpc::StreamIn<Request, Response>(
        response, *pool, store_,
        std::make_unique<Importer<M, Request, Response>>(&writer_, std::move(preparation)));
  }

  template <class Request, class Response>
  grpc::ServerWriteReactor<Response>* Export(grpc::CallbackServerContext* context,
                                             const Request* request) {
    auto listing = std::make_shared<std::optional<storage::Listing>>();
    return rpc::StreamOut<Request, Response>::Start(
        context, request, pool_,
        [this, &listing](const Request& asked) {
          const auto* after_field =
              Request::descriptor()->FindFieldByName("after_" + table_.id_field().name());
          M place;
          schema::SetInt64(&place, table_.id_field(), schema::GetInt64(asked, *after_field));
          return [this, listing, place = std::move(place)](
                     const Caller& caller, Response* batch) mutable -> absl::StatusOr<bool> {
            batch->Clear();
            Page<Response> page(kExportBatch, batch);
            const auto read = [&](storage::Session& session) {
              (*listing)->Read(session, place, kExportBatch, [&] { return page.Next(); });
              return absl::OkStatus();
            };
            CLUSTR_RETURN_IF_ERROR(store_.Read(read, caller));
            if (page.rows() == 0) return false;
            schema::SetInt64(&place, table_.id_field(), table_.Id(LastRow(*batch)));
            return true;
          };
        },
        [this, &listing](const Request& asked, std::vector<Violation>* violations) {
          listing->emplace(&table_, asked.filter(), /*order_by=*/"", violations);
        });
  }

  // NOT_FOUND that names the first 20 ids and their number.
  absl::Status NotFound(const std::vector<int64_t>& ids) const {
    constexpr size_t kMaxNamed = 20;
    std::string named;
    for (size_t i = 0; i < ids.size() && i < kMaxNamed; ++i) {
      absl::StrAppend(&named, i == 0 ? "" : ", ", ids[i]);
    }
    if (ids.size() > kMaxNamed) absl::StrAppend(&named, " and ", ids.size() - kMaxNamed, " more");
    return NotFoundError(table_.resource(), named);
  }

 private:
  static constexpr int64_t kExportBatch = 1000;
  // Clients take 4 MiB. A page, or a batch of an export, of rows with long texts ends before; a row
  // has some 10 KiB at most.
  static constexpr size_t kMaxPageBytes = size_t{3} << 20;

  // Gives the rows of an answer that a listing fills, as many as it may have.
  template <class Response>
  class Page {
   public:
    Page(int64_t max_rows, Response* answer) : max_rows_(max_rows), answer_(*answer) {}

    // The message for the next row; one that is thrown away once the page is full.
    google::protobuf::Message* Next() {
      if (rows_ > 0 && !full_) bytes_ += LastRow(answer_).ByteSizeLong();
      full_ = full_ || rows_ == max_rows_ || bytes_ >= kMaxPageBytes;
      if (full_) return &beyond_;
      ++rows_;
      return AddRow(&answer_);
    }
    int64_t rows() const { return rows_; }
    // True if there was a row beyond.
    bool full() const { return full_; }

   private:
    const int64_t max_rows_;
    Response& answer_;
    int64_t rows_ = 0;
    size_t bytes_ = 0;
    bool full_ = false;
    M beyond_;
  };

  template <class Request, class Response>
  absl::Status FillPage(const storage::Listing& listing, const Caller& caller, const Request& asked,
                        Response* answer) {
    storage::PageToken token;
    M place;
    if (!asked.page_token().empty()) {
      CLUSTR_ASSIGN_OR_RETURN(token, storage::DecodePageToken(asked.page_token(), asked));
      if (!place.ParseFromString(token.key)) return storage::PageTokenError(asked.page_token());
      schema::SetInt64(&place, table_.id_field(), token.after);
    }
    const int64_t page_size = storage::PageSize(asked.page_size());
    const auto read = [&](storage::Session& session) {
      // One row beyond the page says whether there is another.
      Page<Response> page(page_size, answer);
      listing.Read(session, place, page_size + 1, [&] { return page.Next(); });
      if (asked.page_token().empty()) {
        // What fits on the first page is all there is.
        token.total_size = page.full() ? listing.Count(session) : page.rows();
      }
      answer->set_total_size(token.total_size);
      if (page.full()) {
        const M& last = LastRow(*answer);
        M next;
        listing.CopyPlace(last, &next);
        token.key = next.SerializeAsString();
        token.after = table_.Id(last);
        answer->set_next_page_token(storage::EncodePageToken(token, asked));
      }
      return absl::OkStatus();
    };
    return store_.Read(read, caller);
  }

  // The field of a message that holds one M, or rows of it.
  template <class Holder>
  static const google::protobuf::FieldDescriptor* RowField() {
    static const auto* field = [] {
      const auto* descriptor = Holder::descriptor();
      for (int i = 0; i < descriptor->field_count(); ++i) {
        if (descriptor->field(i)->message_type() == M::descriptor()) return descriptor->field(i);
      }
      return static_cast<const google::protobuf::FieldDescriptor*>(nullptr);
    }();
    return field;
  }
  template <class Holder>
  static const M& Row(const Holder& holder) {
    return static_cast<const M&>(holder.GetReflection()->GetMessage(holder, RowField<Holder>()));
  }
  template <class Holder>
  static M* MutableRow(Holder* holder) {
    return static_cast<M*>(holder->GetReflection()->MutableMessage(holder, RowField<Holder>()));
  }
  template <class Holder>
  static M* AddRow(Holder* holder) {
    return static_cast<M*>(holder->GetReflection()->AddMessage(holder, RowField<Holder>()));
  }
  template <class Holder>
  static const M& LastRow(const Holder& holder) {
    const auto* field = RowField<Holder>();
    const int size = holder.GetReflection()->FieldSize(holder, field);
    return static_cast<const M&>(
        holder.GetReflection()->GetRepeatedMessage(holder, field, size - 1));
  }
  // A request names a row by a field that is called as the model's id.
  template <class Request>
  int64_t IdIn(const Request& request) const {
    static const auto* field = Request::descriptor()->FindFieldByName(table_.id_field().name());
    return schema::GetInt64(request, *field);
  }

  template <class Request>
  static schema::RowUpdate UpdateOf(const Request& asked, std::vector<Violation>* violations) {
    return schema::RowUpdate(*M::descriptor(), asked.update_mask(), "update_mask",
                             schema::RowUpdate::Kind::kUpdate, violations);
  }

  void CreateFrom(storage::WriteContext& write, RowRules* rules, const M& given, M* row,
                  std::vector<Violation>* violations) const {
    *row = given;
    writer_.ClearImportOnly(row);
    writer_.Create(write, rules, row, one_, violations);
  }

  absl::Status CheckRevision(int64_t expected, int64_t stored) const {
    if (expected == 0 || expected == stored) return absl::OkStatus();
    return MakeError(absl::StatusCode::kAborted, "REVISION_MISMATCH",
                     absl::StrCat("revision: ", expected, " was expected but the ", one_, " is at ",
                                  stored, "; read it again and decide anew"));
  }

  storage::Store& store_;
  ThreadPool& pool_;
  const storage::Table table_;
  const RowWriter writer_;
  const MakeRowRules make_rules_;
  const std::string one_;
  RowCache<M> cache_;
};

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_RESOURCE_H_
