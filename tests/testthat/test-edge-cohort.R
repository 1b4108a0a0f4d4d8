# Evidence: edge. One patient, no figures that can be computed, wrong words, tibbles, what is not found as against what is
# impossible.

one_measure <- function(...) list(x = cohort_measure(1, 0, 10, ...))

test_that("one patient can have a mean and no more", {
  x <- reconstruct_cohort(cohort_spec(1, one_measure(), cohort_figure("mean", "x", "2.0")), seed = 1)
  expect_true(x$x >= 1.9 && x$x <= 2.1)
  expect_error(reconstruct_cohort(cohort_spec(1, one_measure(), cohort_figure("sd", "x", "0.0")), seed = 1),
    class = "respondr_error_impossible")
})

test_that("wrong words stop where they are written and name what was given", {
  expect_error(cohort_spec(5, one_measure(), cohort_figure("mean", "y", "2.0")), "`y` is not measured", class = "respondr_error_word")
  expect_error(cohort_spec(5, one_measure(), cohort_figure("mean", "x", "2.0", "arm == a")), "neither a category nor a subset")
  expect_error(cohort_spec(5, one_measure(), cohort_figure("p_groups", "x", "0.04")), "needs `~`")
  expect_error(cohort_spec(5, list(s = cohort_category(c("a", "b"))), cohort_figure("count", "s == c", "1")), "no level")
  expect_error(cohort_figure("mean", "x", "about 2"), "decimal text", class = "respondr_error_number")
  expect_error(cohort_figure("average", "x", "2"), class = "respondr_error_word")
  expect_error(cohort_spec(5, one_measure(), cohort_figure("mean", "x; system('ls')", "2.0")), "not understood")
  spec <- cohort_spec(5, one_measure(), cohort_figure("mean", "x", "2.0"))
  expect_error(reconstruct_cohort(spec, release = "mean z"), "no figure of the spec", class = "respondr_error_word")
  expect_error(reconstruct_cohort(spec, n_cohorts = 0), class = "respondr_error_number")
  expect_error(reconstruct_cohort("x"), class = "respondr_error_argument")
  expect_error(cohort_spec(0, one_measure(), cohort_figure("mean", "x", "2.0")), class = "respondr_error_number")
  expect_error(stored_cohort("aspirin"), class = "respondr_error_word")
  expect_error(cohort_figures(data.frame(x = 1)), class = "respondr_error_argument")
})

test_that("a subset that names itself is an error, not an endless reading", {
  expect_error(cohort_spec(5, one_measure(), cohort_figure("mean", "x", "2.0", "a"), subsets = list(a = "b", b = "a")), "name itself")
})

test_that("a released figure is listed with what came out instead", {
  spec <- cohort_spec(8, one_measure(), rbind(cohort_figure("mean", "x", "5.0"), cohort_figure("mean", "x", "12.0", name = "typing error")))
  x <- reconstruct_cohort(spec, seed = 1, release = "typing error")
  figures <- cohort_figures(x)
  expect_identical(figures$released, c(FALSE, TRUE))
  expect_identical(figures$met, c(TRUE, FALSE))
  shown <- paste(format(x), collapse = "\n")
  expect_match(shown, "^SYNTHETIC")
  expect_lte(max(nchar(format(stored_cohort("thalidomide"), width = 70))), 70)
  expect_match(format(stored_cohort("thalidomide"), width = 70)[2], "Made to reproduce", fixed = TRUE)
  expect_match(shown, "typing error: printed 12.0")
})

test_that("what is only not found is not called impossible", {
  # No whole numbers of 3 patients have this P, which the proof does not see: it knows no list of all triples.
  spec <- cohort_spec(3, list(x = cohort_measure(0, 1, 3, visits = 0:1)), cohort_figure("p_paired", "x@1 - x@0", "0.731"))
  found <- tryCatch(reconstruct_cohort(spec, seed = 1, time_limit = 0.5), error = identity)
  expect_s3_class(found, "respondr_error_not_found")
  expect_false(found$proved)
  expect_match(conditionMessage(found), "proves nothing")
})

test_that("limits hold for every patient, and a limit against the mean is proved", {
  spec <- cohort_spec(12, list(a = cohort_measure(1, 0, 50), b = cohort_measure(1, 0, 50)),
    cohort_figure("mean", c("a", "b"), c("10.0", "7.0")), cohort_limit("a - b", "0.5", "Inf"))
  x <- reconstruct_cohort(spec, seed = 1)
  expect_true(all(round(x$a - x$b, 1) >= 0.5))
  against <- cohort_spec(12, one_measure(), cohort_figure("mean", "x", "3.0"), cohort_limit("x", "4", "Inf"))
  expect_error(reconstruct_cohort(against, seed = 1), class = "respondr_error_impossible")
})

test_that("large offsets and fine grids keep every printed decimal", {
  spec <- cohort_spec(15, list(x = cohort_measure(1)), cohort_figure(c("mean", "sd"), "x", c("100000.25", "0.80")))
  figures <- cohort_figures(reconstruct_cohort(spec, seed = 1))
  expect_true(all(figures$met))
})

test_that("a cohort in long form has a row for each visit at which something was measured", {
  spec <- cohort_spec(6, list(g = cohort_category(c("a", "b")), x = cohort_measure(1, 0, 10, visits = c(0, 3), known = list("3" = "g == a"))),
    rbind(cohort_figure("count", "g == a", "4"), cohort_figure("mean", "x@0", "5.0")))
  x <- reconstruct_cohort(spec, seed = 1)
  long <- cohort_long(x)
  expect_equal(as.vector(table(long$visit)), c(6L, 4L))
  expect_equal(cohort_long(as.data.frame(x), visits = c(0, 3)), long)
  skip_if_not_installed("tibble")
  expect_equal(nrow(cohort_long(tibble::as_tibble(as.data.frame(x)), visits = c("0", "3"))), 10L)
})

test_that("a file that is no spec says so and is not evaluated", {
  skip_if_not_installed("yaml")
  file <- tempfile(fileext = ".yaml")
  on.exit(unlink(file))
  writeLines("schema: 2", file)
  expect_error(read_cohort_spec(file), "schema", class = "respondr_error_file")
  writeLines(c("schema: 1", "patients: !expr stop('evaluated')"), file)
  expect_error(read_cohort_spec(file), class = "respondr_error")
  expect_error(read_cohort_spec("no-such-file.yaml"), class = "respondr_error_file")
  expect_error(write_cohort_spec(list(), file), class = "respondr_error_argument")
})

test_that("a figure of a file without its words names them", {
  skip_if_not_installed("yaml")
  file <- tempfile(fileext = ".yaml")
  on.exit(unlink(file))
  write_cohort_spec(cohort_spec(8, one_measure(), cohort_figure(c("mean", "sd"), "x", c("5.0", "1.2"))), file)
  lines <- readLines(file)
  writeLines(lines[!grepl("kind: sd", lines)], file)
  expect_error(read_cohort_spec(file), "`kind`", class = "respondr_error_file")
})

test_that("exponents count, and bounds of counts are strict", {
  spec <- cohort_spec(12, list(m = cohort_measure(decimals = 2, visits = c(0, 1))), rbind(
    cohort_figure("mean", c("m@0", "m@1"), c("5.00", "6.00")), cohort_figure("sd", c("m@0", "m@1"), c("1.00", "1.00")),
    cohort_figure("p_paired", "m@1 - m@0", "1.2e-5")))
  x <- reconstruct_cohort(spec, seed = 1)
  p <- t.test(x$m_1, x$m_0, paired = TRUE)$p.value
  expect_true(p >= 1.15e-5 && p <= 1.25e-5)
  groups <- list(g = cohort_category(c("a", "b")))
  events <- function(printed) vapply(1:6, function(seed) {
    sum(reconstruct_cohort(cohort_spec(8, groups, cohort_figure("count", "g == a", printed)), seed = seed)$g == "a")
  }, 0L)
  expect_true(all(events("<1") == 0))
  expect_true(all(events(">5") > 5))
  expect_true(all(events("<=1") <= 1))
})

test_that("figures are read as printed() reads them", {
  typed <- c("0,05", "P<0.001", "< 0.001", "41.5 %", "-2.0", "1.2e-5", "6.80")
  ours <- printed_interval(typed)
  audit <- unclass(printed(typed))
  expect_identical(ours$value, audit$value)
  expect_identical(ours$decimals, audit$decimals)
  expect_equal(ours$low, audit$low, tolerance = 1e-9)
})

test_that("groups without patients do no harm and are not met", {
  spec <- cohort_spec(4, list(s = cohort_category(c("x", "y", "z")), m = cohort_measure(decimals = 1, low = 0, high = 20)),
    cohort_figure("p_groups", "m ~ s == x", "0.05"))
  for (seed in 1:4) {
    x <- reconstruct_cohort(spec, seed = seed)
    p <- t.test(x$m[x$s == "x"], x$m[x$s != "x"], var.equal = TRUE)$p.value
    expect_true(p >= 0.045 && p <= 0.055)
  }
  share <- cohort_spec(4, list(g = cohort_category(c("a", "b")), s = cohort_category(c("x", "y", "z"))),
    cohort_figure("percent", "g == a", "50.0", subset = "s == x"))
  for (seed in 1:8) {
    x <- reconstruct_cohort(share, seed = seed)
    expect_equal(mean(x$g[x$s == "x"] == "a"), 0.5)
  }
  expect_error(cohort_measure(decimals = 1, low = 0.05, high = 0.09), class = "respondr_error_number")
})

test_that("a fall printed as a positive number is met, and names and figures that cannot be are refused", {
  hb <- list(hb = cohort_measure(1, visits = 0:1))
  x <- reconstruct_cohort(cohort_spec(8, hb, cohort_figure(c("mean", "sd"), "hb@1 - hb@0", c("2.0", "1.1"), scale = -1)), seed = 1)
  expect_true(prints_as(mean(x$hb_0 - x$hb_1), "2.0") && prints_as(sd(x$hb_1 - x$hb_0), "1.1"))
  for (scale in list(0, NA, Inf, "1")) expect_error(cohort_figure("mean", "x", "1.0", scale = scale), class = "respondr_error_number")
  expect_error(cohort_figure("p_paired", "x", "1.2"), "outside 0 to 1", class = "respondr_error_number")
  expect_error(cohort_figure("percent", "x", "101"), "outside 0 to 100", class = "respondr_error_number")
  mean_of <- function(variables, ...) cohort_spec(8, variables, cohort_figure("mean", "hb", "5.0"), ...)
  measured <- list(hb = cohort_measure(1))
  expect_error(mean_of(c(measured, list(synthetic = cohort_category(c("no", "yes"))))), "Two columns", class = "respondr_error_word")
  expect_error(cohort_spec(8, list(hb = cohort_measure(1, visits = 0), hb_0 = cohort_measure(1)), cohort_figure("mean", "hb_0", "5.0")),
    "Two columns", class = "respondr_error_word")
  expect_error(mean_of(c(measured, list("25OH" = cohort_measure(1)))), "no figure can speak of", class = "respondr_error_word")
  expect_error(mean_of(measured, limits = list(cohort_limit("hb", 1, 2))), "cohort_limit", class = "respondr_error_argument")
  expect_error(mean_of(measured, subsets = list(gg = "g == z")), class = "respondr_error_word")
  expect_error(cohort_limit("hb", 7, 2), class = "respondr_error_number")
  expect_error(cohort_measure(1, visits = c(0, 0)), class = "respondr_error_word")
  expect_error(cohort_figure(c("mean", "sd"), c("a", "b", "c"), c("1", "2")), class = "respondr_error_length")
})

test_that("percentages with many decimals and categories of three levels are looked through at once", {
  two <- list(g = cohort_category(c("a", "b")), h = cohort_category(c("x", "y")))
  figures <- rbind(cohort_figure("count", "g == a", "2"), cohort_figure("percent", "h == x", "35.0000"),
    cohort_figure("percent", "h == x", "100.0000", "g == a"))
  expect_lt(system.time(x <- reconstruct_cohort(cohort_spec(20, two, figures), seed = 1, time_limit = 2))[["elapsed"]], 5)
  expect_identical(sum(x$h == "x"), 7L)
  three <- cohort_category(letters[1:3])
  spec <- cohort_spec(40, list(arm = three, sex = three, site = three), cohort_figure("percent", "site != a", "63.6", "arm == a & sex != b"))
  expect_lt(system.time(reconstruct_cohort(spec, seed = 1, time_limit = 2))[["elapsed"]], 5)
})

test_that("values stay within their bounds where a figure does not use them", {
  spec <- cohort_spec(12, list(hb = cohort_measure(0, low = 20, high = 30, visits = c(0, 3), known = "free")),
    rbind(cohort_figure("n", c("hb@0", "hb@3"), c("8", "9")), cohort_figure(c("mean", "sd"), "hb@3 - hb@0", c("3.5", "4.8"))))
  for (seed in c(4, 8, 9, 21:30)) {
    x <- reconstruct_cohort(spec, seed = seed)
    values <- unlist(as.data.frame(x)[c("hb_0", "hb_3")])
    expect_true(all(values >= 20 & values <= 30, na.rm = TRUE))
  }
})

test_that("figures are those of the rows as they are, and of whole cohorts only", {
  x <- reconstruct_cohort(cohort_spec(6, list(hb = cohort_measure(1)), cohort_figure(c("mean", "sd"), "hb", c("5.0", "1.0"))), seed = 1,
    n_cohorts = 3)
  changed <- x
  changed$hb <- 99
  expect_identical(cohort_figures(changed)$met, rep(FALSE, 6))
  expect_match(format(changed), "0 of 6 figures met", all = FALSE)
  expect_error(cohort_figures(x[1, ]), "whole cohorts", class = "respondr_error_data")
  expect_match(format(x[1, ]), "no whole cohort of 6", all = FALSE)
  expect_identical(nrow(cohort_figures(x[x$cohort == 2, ])), 2L)
  unmarked <- x
  unmarked$synthetic <- NULL
  expect_match(format(unmarked), "missing or was changed", all = FALSE)
})

test_that("printed quantiles alone place a measurement", {
  one <- function(n, kinds, printed) {
    x <- reconstruct_cohort(cohort_spec(n, list(x = cohort_measure(1)), cohort_figure(kinds, "x", printed)), seed = 2, time_limit = 10)
    all(cohort_figures(x)$met)
  }
  expect_true(one(10, c("min", "max"), c("69.9", "116.1")))
  expect_true(one(10, c("q3", "max"), c("69.9", "116.1")))
  expect_true(one(22, "q1", "25.2"))
})

test_that("contradictions are proved: order, groups, limits, sums and differences", {
  refused <- function(...) {
    error <- tryCatch(reconstruct_cohort(cohort_spec(...), seed = 1, time_limit = 1), error = identity)
    expect_s3_class(error, "respondr_error_impossible")
    error$figures
  }
  x <- list(x = cohort_measure(1))
  expect_length(refused(10, x, cohort_figure(c("q1", "q3"), "x", c("9", "5"))), 2L)
  expect_length(refused(10, x, cohort_figure(c("mean", "max"), "x", c("9", "5"))), 2L)
  expect_length(refused(5, list(x = cohort_measure(0)), cohort_figure(c("mean", "sd"), "x", c("4.0", "0.05"))), 1L)
  arms <- c(x, list(g = cohort_category(c("a", "b"))))
  expect_length(refused(10, arms, rbind(cohort_figure("count", "g == a", "5"), cohort_figure(c("mean", "sd"), "x", c("5.0", "1.0"), "g == a"),
    cohort_figure(c("mean", "sd"), "x", c("9.0", "1.0"), "g != a"), cohort_figure("p_groups", "x ~ g == a", "0.45"))), 6L)
  expect_length(refused(8, list(a = cohort_measure(1), b = cohort_measure(1)), cohort_figure("mean", c("a", "b"), c("7.0", "9.0")),
    limits = cohort_limit("a - b", low = 0)), 2L)
  expect_length(refused(8, list(a = cohort_measure(1, visits = c(0, 3))), cohort_figure(c("sd", "sd", "sd", "r"),
    c("a@0", "a@3", "a@3 - a@0", "a@0, a@3"), c("2.0", "2.0", "0.5", "0.30"))), 3L)
})

test_that("long rows keep every patient, and a file's misspelt words are named", {
  long <- cohort_long(data.frame(hb_0 = c(5, 1), hb_3 = 3:4), visits = c(0, 3))
  expect_identical(long$hb, c(5, 3, 1, 4))
  expect_error(cohort_long(1:3), class = "respondr_error_argument")
  expect_error(cohort_long(data.frame(hb_0 = 1)), "`visits` are not known", class = "respondr_error_argument")
  spec <- cohort_spec(6, list(hb = cohort_measure(1, visits = c(0, 6)), il_6 = cohort_measure(0)), cohort_figure("mean", "hb@0", "5.0"))
  expect_true("il_6" %in% names(cohort_long(reconstruct_cohort(spec, seed = 1))))
  skip_if_not_installed("yaml")
  file <- tempfile(fileext = ".yaml")
  on.exit(unlink(file))
  write_cohort_spec(spec, file)
  text <- readLines(file)
  writeLines(sub("subset:", "subest:", text, fixed = TRUE), file)
  expect_error(read_cohort_spec(file), "subest", class = "respondr_error_file")
  writeLines(sub("skewed: .*", "skewed: perhaps", text), file)
  expect_error(read_cohort_spec(file), "neither yes nor no", class = "respondr_error_file")
})
