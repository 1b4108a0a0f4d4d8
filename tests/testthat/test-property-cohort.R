# Evidence: property. What must hold of every cohort: all figures at once, the same bits for any number of threads, spread of what
# is not determined, conflicts without a spare part.

nested_spec <- function() {
  cohort_spec(39, list(
    follow = cohort_category(c("3", "12", "24")),
    hb = cohort_measure(1, 2, 17, visits = c(0, 12), known = list("12" = "follow != \"3\"")),
    sf = cohort_measure(0, 10, 20000, skewed = TRUE)
  ), rbind(
    cohort_figure("n", "hb@12", "20"), cohort_figure("count", "follow == \"24\"", "7"),
    cohort_figure(c("mean", "sd"), "hb@0", c("6.8", "1.1")),
    cohort_figure(c("mean", "sd"), "hb@0", c("7.0", "1.0"), "known(hb@12)"), cohort_figure(c("mean", "sd"), "hb@12", c("10.2", "1.8")),
    cohort_figure(c("mean", "sd"), "hb@0", c("7.1", "0.7"), "follow == \"24\""), cohort_figure("p_paired", "hb@12 - hb@0", "0.003", "follow == \"24\""),
    cohort_figure(c("mean", "sd"), "sf", c("1821.6", "1488.3")), cohort_figure("p_groups", "sf ~ follow == \"3\"", "0.217"),
    cohort_figure("r", "hb@0, hb@12", "0.412")
  ))
}

test_that("nested sets, P, r and skewed values come back in every cohort of a seed", {
  x <- reconstruct_cohort(nested_spec(), n_cohorts = 4, seed = 7)
  expect_true(all(cohort_figures(x)$met))
  expect_true(all(x$sf >= 10, na.rm = TRUE))
  expect_equal(sum(!is.na(x$hb_12)), 80L)
  expect_equal(round(x$hb_0, 1), x$hb_0)
})

test_that("a seed gives the same cohorts for one thread and two, another seed others, and R's generator is left alone", {
  set.seed(3)
  before <- .Random.seed
  one <- reconstruct_cohort(nested_spec(), n_cohorts = 2, seed = 5)
  expect_identical(.Random.seed, before)
  expect_identical(one, reconstruct_cohort(nested_spec(), n_cohorts = 2, seed = 5, threads = 2))
  expect_false(identical(one$hb_0, reconstruct_cohort(nested_spec(), n_cohorts = 2, seed = 6)$hb_0))
})

test_that("what the figures do not determine differs between cohorts, what they determine does not", {
  spec <- cohort_spec(30, list(x = cohort_measure(1, visits = 0:1)), cohort_figure(c("mean", "sd", "mean", "sd"), c("x@0", "x@0", "x@1", "x@1"),
    c("10.00", "2.00", "12.00", "2.00")))
  x <- reconstruct_cohort(spec, n_cohorts = 12, seed = 2)
  by_cohort <- split(as.data.frame(x), x$cohort)
  expect_lt(diff(range(vapply(by_cohort, function(d) sd(d$x_1), 0))), 0.0101)
  expect_gt(diff(range(vapply(by_cohort, function(d) cor(d$x_0, d$x_1), 0))), 0.1)
})

test_that("figures of any data set are never called impossible", {
  for (k in 1:40) {
    set.seed(k)
    n <- sample(2:12, 1)
    m <- sample(n, 1)
    a <- round(rnorm(n, 10, sample(1:3, 1)), 1)
    b <- round(a + rnorm(n, 1, 1), 1)
    sub <- seq_len(m)
    show <- function(v, digits = 1) formatC(v, digits = digits, format = "f")
    figures <- rbind(
      cohort_figure("count", "g == in", as.character(m)),
      cohort_figure("mean", c("x@0", "x@1"), show(c(mean(a), mean(b)))), cohort_figure("sd", c("x@0", "x@1"), show(c(sd(a), sd(b)))),
      cohort_figure("mean", "x@0", show(mean(a[sub])), "g == in"),
      if (m > 1) cohort_figure("sd", "x@0", show(sd(a[sub])), "g == in"),
      if (n > 2) cohort_figure("p_paired", "x@1 - x@0", show(t.test(b - a)$p.value, 3))
    )
    spec <- cohort_spec(n, list(g = cohort_category(c("in", "out")), x = cohort_measure(1, visits = 0:1)), figures)
    plan <- respondr:::cohort_plan(spec, environment())
    expect_false(respondr:::cohort_conflict(plan$problem)$proved, info = paste("data set", k))
    expect_null(respondr:::counts_conflict(plan, 5))
  }
})

test_that("a conflict has no spare part: without any one of its figures a cohort of the others exists", {
  figures <- rbind(cohort_figure(c("mean", "sd"), "x", c("5.0", "1.0")), cohort_figure(c("mean", "sd"), "x", c("9.0", "1.5"), "g == in"),
    cohort_figure("mean", "y", "3.0"), cohort_figure("count", "g == in", "8"))
  spec <- cohort_spec(20, list(g = cohort_category(c("in", "out")), x = cohort_measure(1, 0, 20), y = cohort_measure(1)), figures)
  found <- tryCatch(reconstruct_cohort(spec, seed = 1), respondr_error_impossible = identity)
  expect_true(found$proved)
  expect_false("mean y" %in% found$figures)
  for (name in found$figures) {
    kept <- spec
    kept$figures <- spec$figures[spec$figures$name %in% setdiff(found$figures, name), ]
    expect_true(all(cohort_figures(reconstruct_cohort(kept, seed = 1))$met), info = name)
  }
})

test_that("a spec comes back from its file, with the decimal text and the words yes and no as typed", {
  skip_if_not_installed("yaml")
  spec <- cohort_spec(9, list(s = cohort_category(c("yes", "no", "on", "1e3")), x = cohort_measure(3, -1 / 3, 1e7, "g/L", c("n", "y"), TRUE)),
    rbind(cohort_figure("count", "s == no", "4"), cohort_figure("mean", "x@y", "1.500", "s == yes", scale = 1 / 3, origin = "assumed")),
    cohort_limit("x@y - x@n", "-0.10", "2.50"), list(few = "s == on"), "a: title", "source # not a comment")
  file <- tempfile(fileext = ".yaml")
  on.exit(unlink(file))
  write_cohort_spec(spec, file)
  expect_identical(read_cohort_spec(file), spec)
})

test_that("figures of real patients are never proved impossible: shares with many decimals, limits, differences (property)", {
  text <- function(x, digits) sprintf("%.*f", digits, x)
  for (seed in 1:150) {
    set.seed(seed)
    n <- sample(2:30, 1)
    levels <- letters[seq_len(sample(2:4, 1))]
    g <- factor(sample(levels, n, TRUE), levels)
    h <- factor(sample(c("x", "y"), n, TRUE), c("x", "y"))
    before <- pmin(20, round(rnorm(n, 8, 3), 1))
    after <- pmin(20, round(before + rnorm(n, 1, 2), 1))
    parts <- list()
    add <- function(...) parts[[length(parts) + 1L]] <<- cohort_figure(...)
    sets <- list(all = rep(TRUE, n), "g == a" = g == "a", "g != a" = g != "a", "h == x" = h == "x")
    for (name in names(sets)) {
      inside <- sets[[name]]
      if (!any(inside)) next
      add("percent", "h == x", text(100 * mean(h[inside] == "x"), sample(0:6, 1)), name)
      add("count", "g == a", text(sum(g[inside] == "a"), 0), name)
      if (sum(inside) < 3) next
      add(c("mean", "sd"), "m@0", text(c(mean(before[inside]), sd(before[inside])), 2), name)
      add("mean", "m@1 - m@0", text(-mean(after[inside] - before[inside]), 2), name, scale = -1)
      add("sd", "m@1", text(sd(after[inside]), 2), name)
      add("r", "m@0, m@1", text(cor(before[inside], after[inside]), 2), name)
    }
    change <- range(after - before)
    spec <- cohort_spec(n, list(g = cohort_category(levels), h = cohort_category(c("x", "y")), m = cohort_measure(1, high = 20, visits = 0:1)),
      do.call(rbind, parts), cohort_limit("m@1 - m@0", text(change[1], 1), text(change[2], 1)))
    plan <- respondr:::cohort_plan(spec, NULL)
    expect_null(respondr:::counts_conflict(plan, 5))
    expect_false(respondr:::cohort_conflict(plan$problem)$proved)
  }
})

test_that("a share that no whole number has is proved impossible with its number of patients", {
  two <- list(h = cohort_category(c("x", "y")), g = cohort_category(letters[1:3]))
  for (printed in c("41.5", "41.51", "41.5094")) {
    figures <- rbind(cohort_figure("count", "g == a", "52"), cohort_figure("percent", "h == x", printed, "g == a"))
    expect_false(any(prints_as(100 * 0:52 / 52, printed)))
    expect_identical(respondr:::counts_conflict(respondr:::cohort_plan(cohort_spec(60, two, figures), NULL), 5), 0:1)
    figures$printed[1] <- "53"
    expect_null(respondr:::counts_conflict(respondr:::cohort_plan(cohort_spec(60, two, figures), NULL), 5))
  }
})
