# Evidence: published. Values that other programs print; inst/validation/power/README.md says which.

printed_by <- function(name) {
  read.csv(system.file("validation", "power", paste0(name, ".csv"), package = "respondr", mustWork = TRUE))
}

# The answer to each printed value, with its name.
ask <- function(rows, f, columns) {
  vapply(seq_len(nrow(rows)), function(i) {
    row <- as.list(rows[i, ])
    given <- row[intersect(columns, names(row))]
    given <- given[!vapply(given, function(v) is.na(v) || identical(v, ""), NA)]
    do.call(f, given)[[row$asked]]
  }, 0)
}

# To the printed digits, or nine; simulated values to four standard errors of 1,000 trials. A note names what R itself says.
expect_printed <- function(rows, ours) {
  digits <- pmin(rows$digits, 9)
  near <- 0.5001 * 10^-digits
  near[grepl("^base R", rows$note)] <- 1e-6
  simulated <- grepl("simulated", rows$note)
  near[simulated] <- with(rows[simulated, ], 4 * sqrt(value * (1 - value) / 1000))
  off <- abs(ours - rows$value) > near
  expect_true(!anyNA(ours) && !any(off), info = paste(capture.output(print(cbind(rows, ours = ours)[off | is.na(off), ])),
    collapse = "\n"))
}

test_that("paired t, equivalence and the sign test", {
  rows <- printed_by("paired")
  rows <- rows[!grepl("simulated", rows$note), ]
  expect_gt(nrow(rows), 30)
  columns <- c("test", "alternative", "n", "effect", "power", "sd_change", "sd_before", "sd_after", "r", "margin", "alpha",
    "shape")
  expect_printed(rows, ask(rows, power_paired, columns))
})

test_that("signed rank by simulation", {
  rows <- printed_by("paired")
  rows <- rows[rows$source == "mkpower", ]
  rows$seed <- 1
  ours <- ask(rows, power_paired, c("test", "alternative", "n", "effect", "sd_change", "alpha", "shape", "seed"))
  expect_printed(rows, ours)
})

test_that("two groups and analysis of variance", {
  rows <- printed_by("groups")
  rows$note[rows$test == "welch"] <- "base R"  # its degrees of freedom are those of the population
  plain <- rows[rows$shape == "" & rows$means == "" & rows$test != "welch", ]
  expect_gt(nrow(plain), 50)
  columns <- c("test", "alternative", "n", "effect", "power", "sd", "sd_level", "ratio", "groups", "margin", "alpha")
  anova <- plain$test == "anova"
  expect_printed(plain[!anova, ], ask(plain[!anova, ], power_groups, columns))
  expect_printed(plain[anova, ], ask(plain[anova, ], power_groups, setdiff(columns, "alternative")))
  means <- rows[rows$means != "", ]
  ours <- ask(means, function(means, ...) power_groups(means = as.numeric(strsplit(means, " ")[[1]]), ...),
    c("test", "n", "power", "means", "sd", "alpha"))
  expect_printed(means, ours)
})

test_that("Mann-Whitney by simulation, and Welch near another approximation", {
  rows <- printed_by("groups")
  simulated <- rows[rows$shape != "", ]
  simulated$seed <- 1
  columns <- c("test", "alternative", "n", "effect", "power", "sd", "sd_level", "ratio", "alpha", "shape", "seed")
  expect_printed(simulated, ask(simulated, power_groups, columns))
  welch <- rows[rows$test == "welch" & rows$asked == "n", ]
  expect_equal(ask(welch, power_groups, columns), ceiling(welch$value))
})

test_that("rates over every outcome", {
  rows <- printed_by("rates")
  slow <- rows$asked == "n" & rows$test == "boschloo" & rows$rate != 0.3
  rows <- rows[!slow, ]  # their power at n is printed as well
  columns <- c("test", "alternative", "n", "rate", "reference", "power", "ratio", "alpha", "smallest")
  expect_gt(nrow(rows), 60)
  expect_printed(rows, ask(rows, power_rates, columns))
})

test_that("two-stage designs", {
  rows <- printed_by("simon")
  rows$note <- ""
  key <- interaction(rows[c("p0", "p1", "alpha", "power", "most")], drop = TRUE)
  for (one in split(rows, key)) {
    ours <- power_two_stage(one$p0[1], one$p1[1], one$alpha[1], one$power[1], one$most[1])
    found <- mapply(function(design, asked) ours[[asked]][ours$design == design], one$design, one$asked)
    expect_printed(one, found)
  }
})

test_that("repeated measures", {
  rows <- printed_by("rm")
  means_of <- function(text) lapply(strsplit(text, "/")[[1]], function(arm) as.numeric(strsplit(trimws(arm), " ")[[1]]))
  ours <- ask(rows, function(means, ...) {
    means <- means_of(means)
    power_rm(if (length(means) > 1L) means else means[[1]], ...)
  }, c("effect", "test", "means", "n", "power", "sd", "r", "alpha"))
  expect_printed(rows, ours)
  two <- rows[rows$source == "pwrss", ]
  two$test <- "multivariate"  # two visits: the same test
  expect_printed(two, ask(two, function(means, ...) {
    means <- means_of(means)
    power_rm(if (length(means) > 1L) means else means[[1]], ...)
  }, c("effect", "test", "means", "n", "power", "sd", "r", "alpha")))
})

test_that("logistic regression", {
  rows <- printed_by("logistic")
  ours <- ask(rows, power_logistic, c("test", "predictor", "rate", "odds_ratio", "prevalence", "n", "power", "alpha"))
  expect_printed(rows, ours)
})
