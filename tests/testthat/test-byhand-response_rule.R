# Evidence: by hand. Rules whose levels, gaps and sentences can be told on paper.

test_that("the structure that the other verbs read is that of the rule as written", {
  rule <- thalidomide_rule()
  expect_identical(rule$levels, c("none", "minor", "main"))
  expect_identical(rule$by, "phenotype")
  expect_identical(names(rule$sets), c("NTDT", "TDT"))
  expect_identical(rule$sets$NTDT[[1]], list(level = "main", condition = list(op = "compare", measure = "change",
    variable = "hb", relation = ">", cutoff = "2.0"), text = "change(hb) > 2.0"))
  expect_identical(rule$sets$TDT[[2]]$condition$cutoff, "-50")
  expect_null(rule$sets$TDT[[3]]$condition)
  expect_identical(rule$time, list(kind = "each", visit = NULL, sustained = 1L, confirmed = FALSE))
  expect_identical(levels(rule), rule$levels)
})

test_that("a rule prints as a protocol would say it", {
  expect_snapshot(writeLines(format(thalidomide_rule(), width = 80)))
  expect_snapshot(writeLines(strwrap(as.character(thalidomide_rule()), 80)))
  expect_identical(report_text(thalidomide_rule()), as.character(thalidomide_rule()))
})

test_that("each kind of condition has its words", {
  words <- function(text) as.data.frame(response_rule(!!!list(a = text, b = "otherwise"), range = list(x = c(-Inf,
    Inf))))$words[1]
  expect_identical(words("change(x) > 2.0"), "x rose by more than 2.0")
  expect_identical(words("fall(x) >= 2.0"), "x fell by at least 2.0")
  expect_identical(words("change(x) < 2"), "the change of x is below 2")
  expect_identical(words("change(x) >= -1"), "the change of x is at least -1")
  expect_identical(words("change(x) >= 0"), "x did not fall")
  expect_identical(words("change(x) < 0"), "x fell")
  expect_identical(words("percent_fall(x) == 30"), "x fell by exactly 30 %")
  expect_identical(words("percent_change(x) < 30"), "the percent change of x is below 30 %")
  expect_identical(words("between(rise(x), 1, 2.0, closed = 'left')"), "x rose by 1 to 2.0, 1 included, 2.0 not")
  expect_identical(words("between(fall(x), 1, 2.0, closed = 'left')"), "x fell by 1 to 2.0, 1 included, 2.0 not")
  expect_identical(words("between(change(x), -1, 1)"), "the change of x is between -1 and 1, both included")
  expect_identical(words("between(x, 1, 2, closed = 'none')"), "x is between 1 and 2, neither included")
  expect_identical(words("x != 0"), "x is not 0")
  expect_identical(words("ratio(x) <= 0.70"), "the ratio of x to its baseline is at most 0.70")
  expect_identical(words("change(x) >= mid(3, \"Cella 2002\")"),
    "x rose by at least 3 (minimal important difference, Cella 2002)")
  expect_identical(words("rci(x, sd_baseline = 7.5, reliability = 0.8) >= 1.96"),
    "the reliable-change index of x (SD 7.5, reliability 0.8) is at least 1.96")
  expect_identical(words("baseline(x) < 7"), "the baseline of x is below 7")
  expect_identical(words("at(change(x), 'month 3') >= 1.0"), "at visit month 3 x rose by at least 1.0")
  expect_identical(words("at(x, 3) == 0"), "at visit 3 x is 0")
  expect_identical(words("not (x > 1 or x < 0) and change(x) > 0"), "not (x is above 1 or x is below 0) and x rose")
})

test_that("gaps are named with a patient in them", {
  expect_match(rule_error(response_rule(main = change(hb) >= "2.0", none = change(hb) <= "1.5")),
    "a change of hb above 1.5 and below 2.0 belongs to no level, for example hb 10 at baseline and 11.8 after",
      fixed = TRUE)
  expect_match(rule_error(response_rule(main = change(hb) > 2, none = change(hb) < 2)),
    "a change of hb of exactly 2 belongs to no level", fixed = TRUE)
  expect_match(rule_error(response_rule(main = change(f) <= -500, minor = percent_change(f) <= -30,
    none = percent_change(f) > -20)),
    "a percent change of f above -30 and at most -20", fixed = TRUE)
  expect_s3_class(response_rule(main = change(hb) >= 2, none = change(hb) < "2.00"), "respondr_rule")
})

test_that("a level out of reach is refused with the reason", {
  expect_match(rule_error(response_rule(minor = change(hb) >= 1, main = change(hb) > 2, none = otherwise())),
    "`main` can never be reached: whoever meets it meets `minor`", fixed = TRUE)
  expect_match(rule_error(response_rule(main = change(hb) > 2 & change(hb) < 1, none = otherwise())),
    "no baseline and value meet `change(hb) > 2 & change(hb) < 1`", fixed = TRUE)
  expect_match(rule_error(response_rule(a = hb > 9, b = hb < 10, c = otherwise())), "the levels before it take everyone")
  # 30 % of a baseline that is at most 100 cannot be 40.
  expect_match(rule_error(response_rule(a = fall(f) >= 40 & percent_fall(f) <= 30 & f <= 70, b = otherwise())),
    "never be reached")
  # A reliable-change index of 1 with SD 10 and reliability 0.5 is a change of 10.
  expect_match(rule_error(response_rule(a = rci(s, sd_baseline = 10, reliability = 0.5) >= 1, b = change(s) > 10,
    c = otherwise())),
    "`b` can never be reached", fixed = TRUE)
  expect_s3_class(response_rule(a = rci(s, sd_baseline = 10, reliability = 0.5) > 1, b = change(s) >= 10, c = otherwise()),
    "respondr_rule")
})

test_that("overlaps are shown, and refused only if asked", {
  expect_identical(thalidomide_rule()$overlaps$within, c(TRUE, TRUE))
  expect_match(rule_error(thalidomide_rule(exclusive = TRUE)), "`main` and `minor` (phenotype NTDT) overlap", fixed = TRUE)
  apart <- response_rule(main = change(hb) > 2, minor = between(change(hb), 1, 2), none = change(hb) < 1, exclusive = TRUE)
  expect_identical(nrow(apart$overlaps), 0L)
})

test_that("what cannot be is no gap and can be no level", {
  expect_match(rule_error(response_rule(none = units >= 1, main = units == 0)), "above 0 and below 1")
  expect_s3_class(response_rule(none = units >= 1, main = units == 0, whole = "units"), "respondr_rule")
  expect_match(rule_error(response_rule(none = units > 1, main = units == 0, whole = "units")), "for example units 1.",
    fixed = TRUE)
  expect_match(rule_error(response_rule(high = between(score, 40, 56), low = score < 40)), "above 56")
  expect_s3_class(response_rule(high = between(score, 40, 56), low = score < 40, range = list(score = c(0, 56))),
    "respondr_rule")
  expect_match(rule_error(response_rule(a = percent_change(x) < -100, b = otherwise())), "x = c(-Inf, Inf)", fixed = TRUE)
  expect_s3_class(response_rule(a = percent_change(x) < -100, b = otherwise(), range = list(x = c(-Inf, Inf))),
    "respondr_rule")
  expect_s3_class(response_rule(osteoporosis = t_score <= -2.5, none = t_score > -2.5), "respondr_rule")
})

test_that("a rule in a file is this text", {
  expect_snapshot(writeLines(strsplit(write_rule(thalidomide_rule()), "\n")[[1]]))
})

test_that("at_least() holds where that many of its conditions do", {
  rule <- response_rule(yes = at_least(2, percent_fall(a) >= 20, percent_fall(b) >= 20, c < 1) & d > 0, no = otherwise())
  node <- rule$sets[[1]][[1]]$condition$args[[1]]
  expect_identical(c(node$op, vapply(node$args, `[[`, "", "op")), c("or", "and", "and", "and"))
  expect_identical(as.data.frame(rule)$words[1],
    "at least 2 of these hold: (a fell by at least 20 %; b fell by at least 20 %; c is below 1) and d is above 0")
  expect_identical(read_rule(text = write_rule(rule)), rule)
  # Two of three conditions that leave no room for two at once.
  expect_match(rule_error(response_rule(yes = at_least(2, x < 1, x > 2, x == 1.5), no = otherwise())), "never be reached")
  expect_true(response_rule(yes = at_least(1, x < 1, y > 2), no = otherwise()) == response_rule(yes = x < 1 | y > 2,
    no = otherwise()))
  expect_match(rule_error(response_rule(yes = at_least(4, x < 1, y > 2), no = otherwise())), "at least as many")
})

test_that("in a document a rule is a numbered list for each set", {
  text <- as.character(knitr::knit_print(thalidomide_rule()))
  expect_match(text, "\nphenotype TDT:\n\n1. **main**: units is 0\n2. **minor**: units fell by at least 50 %\n3. **none**: otherwise\n",
    fixed = TRUE)
  expect_match(text, "the first that holds wins")
})

test_that("a condition on the baseline or at a named visit is a leaf of its own, with a gap of its own", {
  rule <- response_rule(main = baseline(hb) < 7 & at(change(hb), "month 3") >= "1.0", none = otherwise())
  expect_identical(rule$sets[[1]][[1]]$condition$args, list(
    list(op = "compare", measure = "baseline", variable = "hb", relation = "<", cutoff = "7"),
    list(op = "compare", measure = "change", variable = "hb", relation = ">=", cutoff = "1.0", visit = "month 3")))
  expect_identical(rule$sets[[1]][[1]]$text, "baseline(hb) < 7 & at(change(hb), \"month 3\") >= 1.0")
  expect_match(as.character(rule), "whichever visit is judged")
  expect_match(rule_error(response_rule(low = baseline(hb) < 7, high = baseline(hb) > 7)),
    "a baseline of hb of exactly 7 belongs to no level, for example hb 7 at baseline.", fixed = TRUE)
  gap <- rule_error(response_rule(a = at(change(hb), "month 3") >= 1, b = change(hb) >= 1))
  expect_match(gap, "a change of hb at visit month 3 below 1, together with a change of hb below 1 belongs to no level")
  expect_match(gap, "for example hb 10 at baseline, 0 at visit month 3 and 0 after")
  # the same visit: whoever rose by 2 rose by 1, and at another visit that says nothing
  expect_match(rule_error(response_rule(a = at(change(hb), 3) >= 1, b = at(change(hb), 3) >= 2, c = otherwise())),
    "never be reached")
  expect_s3_class(response_rule(a = at(change(hb), 3) >= 1, b = at(change(hb), 6) >= 2, c = otherwise()), "respondr_rule")
  # judged at that visit, the condition looks at the visit judged
  expect_match(rule_error(response_rule(a = change(hb) >= 1, b = at(change(hb), 3) >= 2, c = otherwise(), at = visit(3))),
    "never be reached")
  # the baseline is shared: above 5 at baseline and no fall at either visit is above 5 at both
  expect_match(rule_error(response_rule(a = hb > 5, b = baseline(hb) > 5 & change(hb) >= 0, c = otherwise())),
    "never be reached")
})
