# Evidence: edges. Words that YAML or R would turn into something else, cut-offs as typed, wrong words.

test_that("cut-offs keep the decimals typed and numbers are the decimals meant", {
  cutoff <- function(...) response_rule(a = ..., b = otherwise())$sets[[1]][[1]]$condition$cutoff
  expect_identical(response_rule(a = "x > 2.0", b = otherwise())$sets[[1]][[1]]$condition$cutoff, "2.0")
  read <- function(expr) parse_cutoff(expr, rule_place("a", globalenv(), NULL))$text
  parse_cutoff <- respondr:::parse_cutoff
  rule_place <- respondr:::rule_place
  expect_identical(read(quote("1e-3")), "1e-3")
  expect_identical(read(quote(-50)), "-50")
  expect_identical(read(quote(0.1 + 0.2)), "0.3")
  expect_identical(read(quote(1e5)), "100000")
  expect_identical(read(quote(-("2.50"))), "-2.50")
  expect_identical(read("+7"), "7")
  expect_identical(read(quote(3L)), "3")
  for (x in c(2.05, 123456.789, 1e-7, -0.1, 1e22, 1 / 4)) expect_identical(as.numeric(respondr:::number_decimal(x)), x)
  for (wrong in list(Inf, NA_real_, "2,0", "1e999", "1e-999", "", "0x10", "2.0 g", "2.0000000000000001", TRUE,
    quote(nope))) {
    expect_error(read(wrong), class = "respondr_error_rule")
  }
})

test_that("decimals are compared as decimals", {
  same <- respondr:::decimal_canonical(c("2.0", "2", "2e0", "0.20e1", "+2.", "20e-1", "002.000"))
  expect_identical(unique(same), "2e0")
  expect_identical(respondr:::decimal_canonical(c("-0.0", "0e9", ".50", "-1200")), c("0", "0", "5e-1", "-12e2"))
  # Powers of ten count: 20 is above 15, and 0.05 below 0.4.
  expect_match(rule_error(response_rule(a = x >= "2e1", b = x < "15.0")), "a value of x of at least 15.0 and below 2e1",
    fixed = TRUE)
  expect_match(rule_error(response_rule(a = x > "0.4", b = x <= "5e-2")), "a value of x above 5e-2 and at most 0.4", fixed = TRUE)
  # 0.1 + 0.2 is not 0.3 in doubles; as cut-offs they leave no gap.
  expect_s3_class(response_rule(a = change(x) > 0.1 + 0.2, b = change(x) <= "0.3"), "respondr_rule")
})

test_that("levels, sets, variables and visits named like words of YAML or R come back from a file", {
  rule <- response_rule(
    yes = levels(yes = `no` > 1, on = change(`a b`) >= "1e-3", `NA` = `null` == 0, n = otherwise()),
    `1.0` = levels(yes = `TRUE` < 2, n = otherwise()), `~` = levels(yes = "`\u00e4\u00df \u2265` > 2", n = otherwise()),
    by = "off", at = visit("No"), sustained = 3, confirmed = TRUE, missing = "open", death = "carried"
  )
  text <- write_rule(rule)
  expect_identical(read_rule(text = text), rule)
  file <- tempfile(fileext = ".yaml")
  on.exit(unlink(file))
  expect_identical(write_rule(rule, file), file)
  expect_identical(read_rule(file), rule)
  writeBin(c(as.raw(c(0xef, 0xbb, 0xbf)), charToRaw(gsub("\n", "\r\n", text))), file)
  expect_identical(read_rule(file), rule)
})

test_that("hand-written YAML with plain yes, no, on, off is text", {
  rule <- read_rule(text = "schema: 1\nat: last\nmissing: excluded\nzero_baseline: open\ndeath: excluded\nsets:
  all:\n    yes: rise(hb) >= 2.0\n    on: rise(hb) >= 1.0 and units == 0\n    no: otherwise\n")
  expect_identical(rule$levels, c("no", "on", "yes"))
  expect_identical(rule$sets[[1]][[1]]$condition$cutoff, "2.0")
})

test_that("a file that is no rule is refused by class, and nothing in it is evaluated", {
  good <- write_rule(thalidomide_rule())
  refused <- function(text, class = "respondr_error_file") expect_error(read_rule(text = text), class = class)
  refused("")
  refused("a: [")
  refused("schema: 2")
  refused(sub("schema: 1", "schema: one", good))
  refused(sub("missing: nonresponder\n", "", good))
  refused(sub("missing:", "mising:", good))
  refused(sub("confirmed: false", "confirmed: no", good))
  refused(sub("by: phenotype\n", "", good))
  refused(sub("at: each", "at: each\nvisit: 3", good))
  refused(sub("missing: nonresponder", "missing: worst", good), "respondr_error_word")
  refused(sub("sustained: 1", "sustained: none", good), "respondr_error_number")
  refused(sub("2.0", "Sys.time()", good, fixed = TRUE), "respondr_error_rule")
  refused(sub("change(hb) > 2.0", "\"{quit()}\"", good, fixed = TRUE), "respondr_error_rule")
  refused(sub("2.0", "cut", good, fixed = TRUE), "respondr_error_rule")
  expect_error(read_rule(tempfile()), class = "respondr_error_file")
  expect_error(read_rule(), class = "respondr_error_argument")
  expect_error(write_rule(1), class = "respondr_error_argument")
  expect_error(write_rule(thalidomide_rule(), file.path(tempfile(), "x")), class = "respondr_error_file")
})

test_that("rules can be built from text, injected names and variables of the caller", {
  rule <- response_rule(main = change(hb) > 2, none = otherwise())
  variable <- "hb"
  cut <- 2
  expect_true(rule == response_rule(main = "change(hb) > 2", none = "otherwise()"))
  expect_true(rule == response_rule(main = change(!!rlang::sym(variable)) > !!cut, none = otherwise()))
  expect_true(rule == response_rule(main = change(.data[["hb"]]) > cut, none = otherwise()))
  expect_true(rule == response_rule(main = cut < change(hb), none = otherwise()))
  expect_true(rule == response_rule(!!!list(main = "rise(hb) > 2", none = "otherwise")))
  expect_true(rule == response_rule(levels(main = change(hb) > 2.0, none = otherwise())))
  inner <- function(cut) response_rule(main = change(hb) > cut, none = otherwise())
  expect_true(rule == inner(2))
  sets <- list(NTDT = list(main = "change(hb) > 2.0", minor = "change(hb) >= 1.0", none = "otherwise"),
    TDT = c(main = "units == 0", minor = "percent_fall(units) >= 50", none = "otherwise"))
  expect_true(thalidomide_rule() == response_rule(!!!sets, by = "phenotype"))
})

test_that("wrong words are refused by class with the level named", {
  refused <- function(expr, match) expect_error(expr, match, class = "respondr_error_rule")
  refused(response_rule(), "no level")
  refused(response_rule(main = hb > 2), "one level")
  refused(response_rule(hb > 2, none = otherwise()), "no name")
  refused(response_rule(main = hb > 2, main = hb > 1, none = otherwise()), "two of the level `main`")
  refused(response_rule(none = otherwise(), main = hb > 2), "stands behind")
  refused(response_rule(main = hb, none = otherwise()), "compared with nothing")
  refused(response_rule(main = TRUE, none = otherwise()), "otherwise()")
  refused(response_rule(main = , none = otherwise()), "no condition")
  refused(response_rule(main = change(hb) > change(x), none = otherwise()), "two measures")
  refused(response_rule(main = change(hb / 2) > 1, none = otherwise()), "no name of a variable")
  refused(response_rule(main = log(hb) > 1, none = otherwise()), "no measure")
  refused(response_rule(main = "hb = 2", none = otherwise()), "assigns")
  refused(response_rule(main = "hb >", none = otherwise()), "no condition")
  refused(response_rule(main = between(hb, 2, 1), none = otherwise()), "lower cut-off")
  refused(response_rule(main = between(hb, 1, 2, closed = "yes"), none = otherwise()), "closed")
  refused(response_rule(main = rci(x) > 1, none = otherwise()), "sd_baseline")
  refused(response_rule(main = rci(x, sd_baseline = 1, reliability = 1) > 1, none = otherwise()), "reliability")
  refused(response_rule(main = hb >= mid(2), none = otherwise()), "mid")
  refused(response_rule(main = at(change(hb)) > 1, none = otherwise()), "name of a visit")
  refused(response_rule(main = at(baseline(hb), 3) > 1, none = otherwise()), "same at every visit")
  refused(response_rule(main = at(at(hb, 3), 3) > 1, none = otherwise()), "no visit of its own")
  refused(response_rule(main = at(hb, NA) > 1, none = otherwise()), "no name of a visit")
  refused(response_rule(main = at(hb, ""), none = otherwise()), "compared with nothing")
  refused(response_rule(main = baseline(hb), none = otherwise()), "compared with nothing")
  refused(response_rule(main = !otherwise(), none = otherwise()), "stands alone")
  refused(response_rule(a = levels(main = hb > 1, none = otherwise()), none = otherwise(), by = g), "mixes")
  refused(response_rule(a = levels(main = hb > 1, none = otherwise())), "no `by`")
  refused(response_rule(main = hb > 1, none = otherwise(), by = g), "the same for everyone")
  expect_error(response_rule(main = hb > 1, none = otherwise(), at = "12"), "visit(", fixed = TRUE,
    class = "respondr_error_word")
  expect_error(response_rule(main = hb > 1, none = otherwise(), missing = "failure"), class = "respondr_error_word")
  expect_error(response_rule(main = hb > 1, none = otherwise(), zero_baseline = "carried"), class = "respondr_error_word")
  expect_error(response_rule(main = hb > 1, none = otherwise(), sustained = 0), class = "respondr_error_number")
  expect_error(response_rule(main = hb > 1, none = otherwise(), range = list(x = 1:2)), "Variables of the rule",
    class = "respondr_error_word")
  expect_error(response_rule(main = hb > 1, none = otherwise(), range = list(hb = 2:1)), class = "respondr_error_word")
})

test_that("sets with different levels agree on their order, or `order` says it", {
  two <- function(...) response_rule(
    a = levels(best = hb > 2, good = hb > 1, none = otherwise()), b = levels(best = hb > 3, fair = hb > 1,
      none = otherwise()),
    by = g, ...
  )
  expect_match(rule_error(two()), "Nothing says which of `good`, `fair` is better")
  expect_identical(two(order = c("best", "fair", "good", "none"))$levels, c("none", "good", "fair", "best"))
  expect_identical(read_rule(text = write_rule(two(order = c("best", "fair", "good", "none")))),
    two(order = c("best", "fair", "good", "none")))
  expect_match(rule_error(two(order = c("none", "fair", "good", "best"))), "disagree on the order")
  expect_match(rule_error(two(order = c("best", "good"))), "every level once")
  expect_match(rule_error(response_rule(a = levels(x = hb > 2, y = otherwise()), b = levels(y = hb > 2, x = otherwise()),
    by = g)),
    "disagree on the order")
})

test_that("words that look like a condition and are none stop the call by class", {
  wrong <- expression(
    response_rule("change(hb) > 2", none = otherwise()), response_rule(main = NULL, none = otherwise()),
    response_rule(main = NA, none = otherwise()), response_rule(main = c("hb > 2", "hb > 1"), none = otherwise()),
    response_rule(main = hb > c(1, 2), none = otherwise()), response_rule(main = hb > as.Date("2020-01-01"),
      none = otherwise()),
    response_rule(main = hb > factor("2"), none = otherwise()), response_rule(main = 3 > 2, none = otherwise()),
    response_rule(main = "hb > 2 and", none = otherwise()), response_rule(main = "hb > 2; quit()", none = otherwise()),
    response_rule(main = "", none = otherwise()), response_rule(a = levels(), b = levels(x = hb > 1, y = otherwise()),
      by = g),
    response_rule(main = hb > 1, none = otherwise(), by = c("a", "b")),
    response_rule(main = hb > 1, none = otherwise(), at = visit(NA)),
    response_rule(main = hb > 1, none = otherwise(), at = nowhere),
    response_rule(main = hb > 1, none = otherwise(), misspelt = "x"),
    response_rule(main = between(hb, 1, 1, closed = "left"), none = otherwise())
  )
  for (expr in wrong) expect_error(eval(expr), class = "respondr_error", label = deparse(expr)[1])
})

test_that("text may hold the words and, or, not, the signs of a keyboard and those of a document", {
  text <- function(x) as.data.frame(response_rule(!!!list(main = x, none = "otherwise")))$condition[1]
  expect_identical(text("NOT(hb > 2) OR x <= 1"), "!(hb > 2) | x <= 1")
  expect_identical(text("and(hb > 2, x > 1) or or(y > 1, z > 2)"), "(hb > 2 & x > 1) | y > 1 | z > 2")
  expect_identical(text("`and` > 2 and not hb > 3"), "`and` > 2 & !(hb > 3)")
  expect_identical(text("hb \u2265 2.0 and change(x) \u2260 \u22121.50"), "hb >= 2.0 & change(x) != -1.50")
  expect_identical(text("change('serum ferritin') > 2"), "change(`serum ferritin`) > 2")
})

test_that("a set may hold nothing but otherwise()", {
  rule <- response_rule(a = levels(none = otherwise()), b = levels(main = hb > 1, none = otherwise()), by = g)
  expect_identical(rule$levels, c("none", "main"))
  expect_identical(read_rule(text = write_rule(rule)), rule)
})
