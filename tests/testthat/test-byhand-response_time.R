test_that("six patients on paper: Kaplan-Meier of times 3, 6, 6, 12 with one lost at 6 and one at 12", {
  skip_if_not_installed("survival")
  classes <- c("none", "main")
  visits <- c(0, 3, 6, 12)
  seen <- list(c(0, 1, 1, 1), c(0, 0, 1, 1), c(0, 0, 1, 0), c(0, 0, 0, 1), c(0, 0, 0, NA), c(0, 0, 0, 0))
  d <- data.frame(id = rep(1:6, each = 4), month = rep(visits, 6), class = factor(classes[unlist(seen) + 1],
    levels = classes))
  curve <- time_curves(response_time(class ~ month | id, d))
  # at 3: 1 of 6; at 6: 2 of 5; at 12: 1 of 2
  expect_equal(curve$estimate[curve$time %in% c(3, 6, 12)], 1 - cumprod(c(5 / 6, 3 / 5, 1 / 2)), tolerance = 1e-12)
  expect_equal(curve$n_risk[curve$time %in% c(3, 6, 12)], c(6, 5, 2))
})

test_that("a death competes: Aalen-Johansen on paper, and Kaplan-Meier would give more", {
  skip_if_not_installed("survival")
  d <- data.frame(id = rep(1:4, each = 3), month = rep(c(0, 3, 6), 4), class = factor(
    c("none", "main", "main", "none", "none", NA, "none", "none", "main", "none", "none", "none"), levels = c("none",
      "main")),
    died = rep(c(NA, 4, NA, NA), each = 3))
  x <- response_time(class ~ month | id, d, death = died, at = 6)
  # at 3: 1/4; at 4: death, 3/4 * 1/3 leaves 1/2; at 6: 1/2 * 1/2
  expect_equal(x$estimate[x$estimand == "responded by 6"], 1 / 4 + 1 / 2 * 1 / 2, tolerance = 1e-12)
  k <- response_time(class ~ month | id, d, at = 6)
  expect_equal(k$estimate[k$estimand == "responded by 6"], 1 - 3 / 4 * 1 / 2, tolerance = 1e-12)
  expect_identical(as.character(time_patients(x)$ended), c("response", "death", "response", "not seen to end"))
})

test_that("the interval of each response, the middle of it, and the duration until it was lost", {
  skip_if_not_installed("survival")
  d <- data.frame(id = rep(c("a", "b"), each = 5), month = rep(c(0, 3, 6, 9, 12), 2), class = factor(
    c("none", NA, "main", "main", "minor", "none", "main", "none", "main", "main"), levels = c("none", "minor", "main")))
  p <- time_patients(response_time(class ~ month | id, d))
  expect_equal(p$after, c(0, 0))
  expect_equal(p$by_visit, c(6, 3))
  expect_equal(time_patients(response_time(class ~ month | id, d, placed = "middle"))$time, c(3, 1.5))
  lost <- time_patients(response_time(class ~ month | id, d, what = "duration"))
  expect_equal(lost$time, c(6, 3))
  expect_equal(time_patients(response_time(class ~ month | id, d, what = "duration", event = c("minor", "main")))$ended[1],
    factor("not seen to end", levels = c("not seen to end", "response lost")))
})

test_that("an interval starts at the last visit without the response; a death at the last visit ends the wait", {
  skip_if_not_installed("survival")
  d <- data.frame(id = rep(c("a", "b"), each = 4), month = rep(c(0, 3, 6, 9), 2), class = factor(
    c("none", "none", NA, "main", "none", "none", "none", NA), levels = c("none", "main")), died = rep(c(NA, 6), each = 4))
  x <- response_time(class ~ month | id, d, death = died)
  p <- time_patients(x)
  expect_equal(p$after, c(3, NA))
  expect_equal(p$by_visit, c(9, NA))
  expect_equal(p$time, c(9, 6))
  expect_identical(as.character(p$ended), c("response", "death"))
  expect_equal(time_patients(response_time(class ~ month | id, d, placed = "middle"))$time[1], 6)
  # one of two responds at 9, after the other has died: the curve reaches exactly one half there
  expect_equal(x$estimate, 9)
})

test_that("the share by a time says how many had the event until then and who was still at risk", {
  skip_if_not_installed("survival")
  seen <- list(c(0, 1, 1, 1), c(0, 0, 1, 1), c(0, 0, 1, 0), c(0, 0, 0, 1), c(0, 0, 0, NA), c(0, 0, 0, 0))
  d <- data.frame(id = rep(1:6, each = 4), month = rep(c(0, 3, 6, 12), 6), class = factor(unlist(seen)))
  x <- response_time(class ~ month | id, d, event = "1", at = c(0, 3, 5, 12, 13))
  at <- x[!is.na(x$n_risk), ]
  expect_identical(at$n_risk, c(6L, 6L, 5L, 2L, 0L))
  expect_identical(at$events, c(0L, 1L, 1L, 4L, 4L))
  expect_equal(at$estimate[1:4], c(0, 1 / 6, 1 / 6, 1 - 5 / 6 * 3 / 5 * 1 / 2), tolerance = 1e-12)
  # one was lost to view at 12: the share by 13 is not known
  expect_identical(as.character(at$status), c("ok", "ok", "ok", "ok", "not_estimable"))
  # without him everybody has responded by 12, and by any later time
  all <- response_time(class ~ month | id, d[d$id < 5, ], event = "1", at = 13)
  expect_equal(all$estimate[2], 1)
})

test_that("stopping or death before a response ends the wait, whatever classes come later", {
  skip_if_not_installed("survival")
  # a: stopped at 2, response first seen at 6; b: died at 4, later classes are those a rule gives the dead;
  # c: stopped at 6, where the response is seen; d: stopped at 5, seen without a response until 9
  d <- data.frame(id = rep(c("a", "b", "c", "d"), each = 4), month = rep(c(0, 3, 6, 9), 4), class = factor(c(
    "none", "none", "main", "main", "none", "none", "none", "none", "none", "none", "main", "main",
    "none", "none", "none", "none"), levels = c("none", "main")), died = rep(c(NA, 4, NA, NA), each = 4),
    stopped = rep(c(2, NA, 6, 5), each = 4))
  x <- response_time(class ~ month | id, d, death = died, stop = stopped)
  p <- time_patients(x)
  expect_equal(p$time, c(2, 4, 6, 5))
  expect_identical(as.character(p$ended), c("stopped", "death", "response", "stopped"))
  expect_output(print(x), "first seen after death or\\s+stopping, counted as that: 1 patient")
  # duration: only c had a response that counts, held at 9
  lost <- time_patients(response_time(class ~ month | id, d, what = "duration", death = died, stop = stopped))
  expect_equal(lost$time, c(NA, NA, 0, NA))
  # c stopped at 6 as the response came: his duration ends there
  expect_identical(as.character(lost$ended[3]), "stopped")
  # in the middle of its interval, at 4.5, a response comes before stopping at 5
  d$stopped[d$id == "a"] <- 5
  middle <- time_patients(response_time(class ~ month | id, d, stop = stopped, placed = "middle"))
  expect_identical(as.character(middle$ended[1]), "response")
})
