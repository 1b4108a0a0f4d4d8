test_that("classes are those of a loop over patients", {
  set.seed(71)
  d <- random_patients(120)
  rule <- thalidomide_rule(missing = "open", zero_baseline = "open")
  ours <- classify_response(d, rule, id = id, visit = visit)
  slow <- oracle_classify(d, rule, 1:3)
  expect_equal(as.integer(as.character(ours$visit)), slow$visit)
  expect_identical(as.character(ours$class), slow$class)
  expect_gt(sum(is.na(slow$class)), 20)
})

test_that("conditions joined by and, or, not and at_least() are those of the loop", {
  set.seed(72)
  d <- random_patients(150)
  rule <- response_rule(
    good = (change(hb) >= "1.5" & !(units > 3)) | ratio(units) < "0.4",
    fair = at_least(2, change(hb) >= "0.5", units <= 2, percent_change(hb) > 10),
    poor = otherwise(), missing = "excluded", zero_baseline = "open"
  )
  ours <- classify_response(d, rule, id = id, visit = visit)
  expect_identical(as.character(ours$class), oracle_classify(d, rule, 1:3)$class)
})

test_that("conditions on the baseline and at named visits are those of the loop", {
  set.seed(73)
  d <- random_patients(150)
  rule <- response_rule(
    good = change(hb) >= "1.0" & at(change(hb), 1) >= "0.5", fair = baseline(hb) < 7 | at(percent_change(units), "2") <= -50,
    poor = otherwise(), missing = "excluded", zero_baseline = "open"
  )
  ours <- classify_response(d, rule, id = id, visit = visit)
  slow <- oracle_classify(d, rule, 1:3)$class
  expect_identical(as.character(ours$class), slow)
  expect_true(all(table(slow) > 20))
})
