// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Procedure, Reply, Turns: how a procedure of several messages is written as one function from top to bottom.
#pragma once

#include <coroutine>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace kiriko::smf {

/// The scheduler: procedures that have what they waited for, in the order in which they got it. Nothing runs inside
/// the call that brings an answer, so no procedure meets another one half way through a step.
class ReadyQueue {
 public:
  void post(std::coroutine_handle<> procedure) { ready_.push_back(procedure); }
  /// Runs until every procedure waits for something from outside.
  void run() {
    while (!ready_.empty()) {
      const std::coroutine_handle<> next = ready_.front();
      ready_.pop_front();
      next.resume();
    }
  }

 private:
  std::deque<std::coroutine_handle<>> ready_{};
};

/// One answer that is still to come; the procedure awaits its copy, answer() is called once on the other.
template <class T>
class Reply {
 public:
  explicit Reply(ReadyQueue& ready) : state_(std::make_shared<State>(&ready)) {}

  void answer(T value) {
    state_->value = std::move(value);
    if (state_->waiting) state_->ready->post(std::exchange(state_->waiting, {}));
  }

  bool await_ready() const noexcept { return state_->value.has_value(); }
  void await_suspend(std::coroutine_handle<> procedure) noexcept { state_->waiting = procedure; }
  T await_resume() { return std::move(*state_->value); }

 private:
  struct State {
    explicit State(ReadyQueue* queue) : ready(queue) {}
    ReadyQueue* ready;
    std::optional<T> value{};
    std::coroutine_handle<> waiting{};
  };
  std::shared_ptr<State> state_;
};

/// A part of a procedure that gives a T; runs when it is awaited, and then goes on where it was awaited.
template <class T>
class [[nodiscard]] Procedure {
 public:
  struct promise_type {  // NOLINT(readability-identifier-naming): the language's name
    struct Final {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) const noexcept {
        return ended.promise().continuation;
      }
      void await_resume() const noexcept {}
    };
    Procedure get_return_object() {
      return Procedure{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    Final final_suspend() const noexcept { return {}; }
    void return_value(T result) { value = std::move(result); }
    void unhandled_exception() const noexcept { std::terminate(); }

    std::optional<T> value{};
    std::coroutine_handle<> continuation{};
  };

  Procedure(Procedure&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  Procedure(const Procedure&) = delete;
  Procedure& operator=(const Procedure&) = delete;
  Procedure& operator=(Procedure&&) = delete;
  ~Procedure() {
    if (frame_) frame_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    frame_.promise().continuation = awaiting;
    return frame_;
  }
  T await_resume() { return std::move(*frame_.promise().value); }

 private:
  explicit Procedure(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

/// The whole procedures under way: what has not ended when the list goes, goes with it.
class ProcedureList {
 public:
  /// What a whole procedure returns; runs from the queue once it is given to start().
  class [[nodiscard]] Whole {
   public:
    struct promise_type {  // NOLINT(readability-identifier-naming): the language's name
      Whole get_return_object() { return Whole{std::coroutine_handle<promise_type>::from_promise(*this)}; }
      std::suspend_always initial_suspend() const noexcept { return {}; }
      std::suspend_never final_suspend() const noexcept {
        list->frames_.erase(
            std::coroutine_handle<promise_type>::from_promise(const_cast<promise_type&>(*this)).address());
        return {};
      }
      void return_void() const noexcept {}
      void unhandled_exception() const noexcept { std::terminate(); }
      ProcedureList* list{};
    };

   private:
    friend class ProcedureList;
    explicit Whole(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
    std::coroutine_handle<promise_type> frame_;
  };

  explicit ProcedureList(ReadyQueue& ready) : ready_(ready) {}
  ProcedureList(const ProcedureList&) = delete;
  ProcedureList& operator=(const ProcedureList&) = delete;
  ~ProcedureList() {
    for (void* frame : std::exchange(frames_, {})) std::coroutine_handle<>::from_address(frame).destroy();
  }

  void start(Whole procedure) {
    procedure.frame_.promise().list = this;
    frames_.insert(procedure.frame_.address());
    ready_.post(procedure.frame_);
  }
  std::size_t size() const noexcept { return frames_.size(); }

 private:
  ReadyQueue& ready_;
  std::set<void*> frames_{};  ///< no result depends on its order
};

/// Lets one procedure at a time have what it guards (a PDU session), in the order in which they asked.
class Turns {
 public:
  explicit Turns(ReadyQueue& ready) : ready_(ready) {}

  /// Had until it is destroyed.
  class Turn {
   public:
    explicit Turn(Turns* turns) : turns_(turns) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->pass_on();
    }

   private:
    Turns* turns_;
  };

  bool await_ready() noexcept { return !std::exchange(taken_, true); }
  void await_suspend(std::coroutine_handle<> procedure) { waiting_.push_back(procedure); }
  Turn await_resume() noexcept { return Turn{this}; }

 private:
  void pass_on() {
    if (waiting_.empty()) {
      taken_ = false;
      return;
    }
    ready_.post(waiting_.front());
    waiting_.pop_front();
  }

  ReadyQueue& ready_;
  bool taken_{};
  std::deque<std::coroutine_handle<>> waiting_{};
};

}  // namespace kiriko::smf
