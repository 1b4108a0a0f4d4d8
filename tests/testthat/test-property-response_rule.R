# Evidence: properties that hold for every rule.

random_rules <- function(n) {
  out <- list()
  while (length(out) < n) {
    one <- if (stats::runif(1) < 0.4) random_moment_condition else random_condition
    texts <- vapply(seq_len(sample(1:3, 1)), function(k) one(), "")
    names(texts) <- sample(c("yes", "no", "on", "off", "NA", "main"), length(texts))
    rule <- tryCatch(response_rule(!!!as.list(c(texts, none = "otherwise")), at = sample(c("each", "last", "best"), 1)),
      respondr_error_rule = function(cnd) NULL)
    if (!is.null(rule)) out <- c(out, list(rule))
  }
  out
}

test_that("a rule comes back from YAML, and from its own text, as the identical object", {
  set.seed(73)
  for (rule in random_rules(60)) {
    expect_identical(read_rule(text = write_rule(rule)), rule)
    d <- as.data.frame(rule)
    again <- response_rule(!!!stats::setNames(as.list(d$condition), as.character(d$level)), at = rule$time$kind)
    expect_identical(again, rule)
  }
})

test_that("rules are equal by what they say, whatever the spelling of the cut-offs or the order of the sets", {
  rule <- thalidomide_rule()
  other <- response_rule(
    TDT = levels(main = units == "0.0", minor = percent_fall(units) >= "50.0", none = otherwise()),
    NTDT = levels(main = rise(hb) > 2, minor = "1 <= rise(hb)", none = otherwise()), by = "phenotype"
  )
  expect_true(rule == other)
  expect_true(all.equal(rule, other))
  expect_false(rule != other)
  stricter <- update(rule, NTDT = levels(main = change(hb) >= 2, minor = change(hb) >= 1, none = otherwise()),
    missing = "open")
  expect_false(rule == stricter)
  expect_identical(all.equal(rule, stricter), c("`missing` differs", "main: change(hb) > 2.0 (only in the first)",
    "minor: change(hb) >= 1.0 (only in the first)", "main: change(hb) >= 2 (only in the second)",
    "minor: change(hb) >= 1 (only in the second)"))
  expect_false(rule == 1)
  expect_error(rule > rule, class = "respondr_error_argument")
})

test_that("update() changes what is named and keeps the rest", {
  rule <- response_rule(main = change(hb) > 2, minor = change(hb) > "1.0", none = otherwise(), at = visit(12),
    sustained = 2)
  expect_identical(update(rule), rule)
  expect_identical(update(update(rule, missing = "open"), missing = "nonresponder"), rule)
  expect_identical(update(rule, at = "last")$time$sustained, 2L)
  expect_identical(update(rule, minor = NULL)$levels, c("none", "main"))
  great <- update(rule, great = change(hb) > 3, order = c("great", "main", "minor", "none"))
  expect_identical(great$levels, c("none", "minor", "main", "great"))
  expect_error(update(rule, other = NULL), class = "respondr_error_rule")
  expect_error(update(rule, main = change(hb) > 0), "never be reached", class = "respondr_error_rule")
  expect_error(update(thalidomide_rule(), main = hb > 2), "no set of levels", class = "respondr_error_rule")
  expect_identical(names(update(thalidomide_rule(), TDT = NULL)$sets), "NTDT")
})

test_that("a wider print and a narrower one hold the same words", {
  squeeze <- function(width) gsub("\\s+", " ", paste(format(thalidomide_rule(), width = width), collapse = " "))
  expect_identical(squeeze(60), squeeze(120))
})
