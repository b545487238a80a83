// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The controller on its own thread: an io_context with timers, and two mailboxes to the engine.
#include "controller/loop/asio_driver.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

// TSan does not know fences (GCC: -Wtsan); the scheduler's mutex already orders handlers.
#if defined(__SANITIZE_THREAD__) && !defined(BOOST_ASIO_DISABLE_FENCED_BLOCK)
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace kiriko {

namespace asio = boost::asio;

/// Everything but the mailboxes belongs to the driver's thread once it runs.
class AsioDriver::Loop {
 public:
  explicit Loop(Controller controller)
      : controller_(std::move(controller)),
        tick_timer_(context_),
        own_timer_(context_),
        bell_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~Loop() {
    stop();
    if (bell_ >= 0) close(bell_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Before run(), on the engine's thread.
  std::vector<ScheduledChangeSet> start(const NetworkView& view) {
    model_start_ = view.time;
    wall_start_ = std::chrono::steady_clock::now();
    return controller_.start(view);
  }
  void run() {
    start_ticking();
    wait_for_own_time();
    thread_ = std::thread([this] { context_.run(); });
  }
  void stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }
  bool running() const { return thread_.joinable(); }

  // On the engine's thread.
  void post_event(ModelTime at, NetworkEvent event) {
    asio::post(context_, [this, at, event] {
      after(controller_.detection_delay(at, event), [this, at, event] {
        if (const auto* message = std::get_if<ControlMessageEvent>(&event))
          return send(controller_.on_message(now(), *message));
        want_view(
            [this, at, event](const NetworkView& view) { return controller_.on_event(at, event, view); });
      });
    });
  }
  void post_policy(SlicePolicyKind kind) {
    asio::post(context_, [this, kind] {
      controller_.set_policy(kind);
      start_ticking();
    });
  }
  void post_rejected(ChangeSet set) {
    asio::post(context_, [this, set = std::move(set)] { controller_.on_rejected(set); });
  }
  void post_view(NetworkView view) {
    asio::post(context_, [this, view = std::move(view)] {
      for (auto question = std::exchange(questions_, {}); !question.empty(); question.pop_front())
        send(question.front()(view));
    });
  }
  bool idle() const { return !attention_.load(std::memory_order_acquire); }
  /// Whether a view is wanted, and the ChangeSets to apply.
  std::pair<bool, std::vector<ChangeSet>> take() {
    const std::lock_guard lock(mutex_);
    attention_.store(false, std::memory_order_release);
    eventfd_t rung{};
    if (bell_ >= 0) eventfd_read(bell_, &rung);
    return {std::exchange(view_wanted_, false), std::exchange(outbox_, {})};
  }
  int bell() const { return bell_; }

 private:
  using Question = std::function<std::vector<ScheduledChangeSet>(const NetworkView&)>;

  template <class Action>
  void after(Duration delay, Action action) {
    if (delay.ns <= 0) return action();
    auto timer = std::make_shared<asio::steady_timer>(context_, std::chrono::nanoseconds(delay.ns));
    timer->async_wait([timer, action = std::move(action)](const boost::system::error_code& error) mutable {
      if (!error) action();
    });
  }

  /// The engine alone can look; it does so at its next drain().
  void want_view(Question question) {
    questions_.push_back(std::move(question));
    const std::lock_guard lock(mutex_);
    view_wanted_ = true;
    ask_for_attention();
  }

  void send(std::vector<ScheduledChangeSet> sets) {
    for (auto& scheduled : sets)
      after(scheduled.after, [this, set = std::move(scheduled.set)]() mutable {
        const std::lock_guard lock(mutex_);
        outbox_.push_back(std::move(set));
        ask_for_attention();
      });
    wait_for_own_time();
  }

  /// With the mutex held: the bell rings as long as attention is wanted.
  void ask_for_attention() {
    if (attention_.exchange(true, std::memory_order_release)) return;
    if (bell_ >= 0) eventfd_write(bell_, 1);
  }

  /// Model time by the driver's clock.
  ModelTime now() const {
    const auto passed = std::chrono::steady_clock::now() - wall_start_;
    return model_start_ + Duration{std::chrono::duration_cast<std::chrono::nanoseconds>(passed).count()};
  }

  void wait_for_own_time() {
    const ModelTime due = controller_.next_due();
    if (due == own_due_) return;
    own_due_ = due;
    if (due == ModelTime::never()) {
      own_timer_.cancel();
      return;
    }
    own_timer_.expires_at(wall_start_ + std::chrono::nanoseconds((due - model_start_).ns));
    own_timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      own_due_ = ModelTime::never();
      send(controller_.on_time(now()));
    });
  }

  void start_ticking() {
    if (ticking_ || !controller_.needs_ticks()) return;
    ticking_ = true;
    tick_timer_.expires_after(std::chrono::nanoseconds(controller_.options().period.ns));
    wait_for_tick();
  }

  void wait_for_tick() {
    tick_timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      if (!controller_.needs_ticks()) {
        ticking_ = false;
        return;
      }
      // An engine that is late gets one question, not a queue of them.
      if (!tick_waits_) {
        tick_waits_ = true;
        want_view([this](const NetworkView& view) {
          tick_waits_ = false;
          return controller_.on_tick(view);
        });
      }
      tick_timer_.expires_at(tick_timer_.expiry() +
                             std::chrono::nanoseconds(controller_.options().period.ns));
      wait_for_tick();
    });
  }

  Controller controller_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  asio::steady_timer tick_timer_;
  asio::steady_timer own_timer_;
  ModelTime own_due_{ModelTime::never()};  ///< what own_timer_ waits for
  ModelTime model_start_{};
  std::chrono::steady_clock::time_point wall_start_{};
  std::deque<Question> questions_;
  bool ticking_{};
  bool tick_waits_{};

  const int bell_;    ///< an eventfd
  std::mutex mutex_;  // guards the next two
  bool view_wanted_{};
  std::vector<ChangeSet> outbox_;
  std::atomic<bool> attention_{};

  std::thread thread_;
};

AsioDriver::AsioDriver(Controller controller, ChangeLogListener listener)
    : listener_(std::move(listener)), loop_(std::make_unique<Loop>(std::move(controller))) {}

AsioDriver::~AsioDriver() = default;

void AsioDriver::start(DatapathControl& control) {
  if (loop_->running()) return;
  const NetworkView view = control.read();
  for (auto& scheduled : loop_->start(view)) apply(view.time, std::move(scheduled.set), control);
  loop_->run();
}

void AsioDriver::on_event(ModelTime at, const NetworkEvent& event) { loop_->post_event(at, event); }

void AsioDriver::drain(ModelTime now, DatapathControl& control) {
  if (loop_->idle()) return;
  auto [view_wanted, sets] = loop_->take();
  for (ChangeSet& set : sets) apply(now, std::move(set), control);
  if (view_wanted) loop_->post_view(control.read());
}

int AsioDriver::wait_descriptor() const noexcept { return loop_->bell(); }

void AsioDriver::set_policy(SlicePolicyKind kind) { loop_->post_policy(kind); }

void AsioDriver::stop() { loop_->stop(); }

void AsioDriver::apply(ModelTime at, ChangeSet set, DatapathControl& control) {
  if (set.changes.empty()) {
    listener_({at, set, fail({.message = set.cause})});
    return;
  }
  const Result<ApplyReport> result = control.apply(set);
  if (!result) loop_->post_rejected(set);
  if (result && set.cause.empty()) return;
  listener_({at, std::move(set), result});
}

}  // namespace kiriko
