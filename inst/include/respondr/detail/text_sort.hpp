#pragma once
// Order of texts by their bytes.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "respondr/detail/radix.hpp"

namespace respondr::detail {

// Numbers that order texts as the bytes at `depth` and after do. Each position counts only as many values as its bytes
// span, so that the digits of an id take three bits and a half each and what all texts have in common takes none.
class TextPiece {
 public:
  static constexpr std::size_t most = 24;

  explicit TextPiece(std::size_t depth) : depth_(depth) {
    low_.fill(255);
    high_.fill(0);
  }

  void see(const char* text) {
    for (std::size_t j = 0; j < most; ++j) {
      const unsigned char c = static_cast<unsigned char>(text[depth_ + j]);
      if (c == 0) {
        shortest_ = std::min(shortest_, j);
        return;
      }
      low_[j] = std::min(low_[j], c);
      high_[j] = std::max(high_[j], c);
    }
  }

  // After the last see().
  void plan() {
    double values = 1.0;
    for (length_ = 0; length_ < most; ++length_) {
      values *= span(length_);
      if (values > 9e18) {
        return;
      }
    }
  }

  std::uint64_t key(const char* text) const {
    std::uint64_t out = 0;
    std::size_t j = 0;
    for (; j < length_ && text[depth_ + j] != '\0'; ++j) {
      const std::uint32_t digit = static_cast<unsigned char>(text[depth_ + j]) - std::uint32_t{low_[j]};
      out = out * span(j) + digit + ended(j);
    }
    for (; j < length_; ++j) {
      out *= span(j);
    }
    return out;
  }

  bool ends(const char* text) const { return std::memchr(text + depth_, 0, length_) != nullptr; }
  bool tells_apart() const {
    for (std::size_t j = 0; j < length_; ++j) {
      if (span(j) > 1) {
        return true;
      }
    }
    return false;
  }
  std::size_t end() const { return depth_ + length_; }

 private:
  // Where texts have ended, the end comes before every byte.
  std::uint32_t ended(std::size_t j) const { return j >= shortest_ ? 1 : 0; }
  std::uint32_t span(std::size_t j) const {
    return high_[j] < low_[j] ? 1 : std::uint32_t{high_[j]} - low_[j] + 1 + ended(j);
  }

  std::size_t depth_, length_ = 0, shortest_ = most;
  std::array<unsigned char, most> low_, high_;
};

// Texts end with a zero byte and hold no other.
class TextSort {
 public:
  explicit TextSort(const std::vector<const char*>& texts)
      : texts_(texts), key_(texts.size()), scratch_(texts.size()) {}

  // Calls emit(first, last) for each run of equal texts, in the order of their bytes.
  template <class Emit>
  void run(const Emit& emit) {
    std::vector<Entry> entries = all_items(texts_.size());
    sort(entries.data(), entries.size(), 0, emit);
  }

 private:
  const char* text(Entry e) const { return texts_[item(e)]; }

  template <class Emit>
  void sort_few(Entry* entries, std::size_t n, std::size_t depth, const Emit& emit) const {
    std::sort(entries, entries + n, [this, depth](Entry a, Entry b) {
      const int order = std::strcmp(text(a) + depth, text(b) + depth);
      return order != 0 ? order < 0 : item(a) < item(b);
    });
    for (std::size_t i = 0, end = 0; i < n; i = end) {
      for (end = i + 1; end < n && std::strcmp(text(entries[i]) + depth, text(entries[end]) + depth) == 0; ++end) {
      }
      emit(entries + i, entries + end);
    }
  }

  // The texts are equal up to depth.
  template <class Emit>
  void sort(Entry* entries, std::size_t n, std::size_t depth, const Emit& emit) {
    if (n < radix_from) {
      sort_few(entries, n, depth, emit);
      return;
    }
    const TextPiece piece = next_piece(entries, n, depth);
    for (std::size_t i = 0; i < n; ++i) {
      if (i + look_ahead < n) {
        prefetch(text(entries[i + look_ahead]) + depth);
      }
      key_[item(entries[i])] = piece.key(text(entries[i]));
    }
    const auto key = [this](std::uint32_t i) { return key_[i]; };
    sorted_runs(key, entries, scratch_.data(), n, [&](Entry* first, Entry* last) {
      if (last - first == 1 || piece.ends(text(*first))) {
        emit(first, last);
      } else {
        sort(first, static_cast<std::size_t>(last - first), piece.end(), emit);
      }
    });
  }

  // The first piece from depth on that differs between texts, or the last.
  TextPiece next_piece(const Entry* entries, std::size_t n, std::size_t depth) const {
    for (;;) {
      TextPiece piece(depth);
      for (std::size_t i = 0; i < n; ++i) {
        if (i + look_ahead < n) {
          prefetch(text(entries[i + look_ahead]) + depth);
        }
        piece.see(text(entries[i]));
      }
      piece.plan();
      if (piece.tells_apart() || piece.ends(text(entries[0]))) {
        return piece;
      }
      depth = piece.end();
    }
  }

  const std::vector<const char*>& texts_;
  std::vector<std::uint64_t> key_;
  std::vector<Entry> scratch_;
};

}  // namespace respondr::detail
