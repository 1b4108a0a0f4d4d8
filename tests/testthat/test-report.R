test_that("flags are read as --name value and as --name=value", {
  flags <- parse_flags(c("--data", "my file.csv", "--by=arm,centre", "--conf-level", "0.9"))
  expect_identical(flags, list(data = "my file.csv", by = "arm,centre", conf_level = "0.9"))
})

test_that("--help anywhere asks for help only", {
  expect_identical(parse_flags(c("--data", "a.csv", "--help")), list(help = TRUE))
})

test_that("outcomes joined by + become several outcomes, anything else stays a formula", {
  several <- flag_formula("hb + hbf + ferritin ~ visit | id")
  expect_identical(several$outcomes, c("hb", "hbf", "ferritin"))
  expect_identical(deparse(several$formula), "~visit | id")
  expect_identical(deparse(flag_formula("log(hb) ~ visit | id")$formula), "log(hb) ~ visit | id")
  expect_null(flag_formula("hb ~ visit | id")$outcomes)
})

test_that("semicolons, decimal commas, a byte order mark and points for missing values are read", {
  file <- tempfile(fileext = ".csv")
  on.exit(unlink(file))
  writeBin(c(as.raw(c(0xef, 0xbb, 0xbf)), charToRaw("id;visit;hb g/dL\n1;0;7,1\n1;3;.\n")), file)
  data <- read_report_csv(list(data = file, dec = ","))
  expect_identical(names(data), c("id", "visit", "hb g/dL"))
  expect_identical(data[["hb g/dL"]], c(7.1, NA))
})

test_that("study_report() asks compare_paired() for its own words only", {
  call <- quote(study_report(hb ~ visit | id, d, by = arm, title = "T", output = f, quiet = FALSE))
  asked <- report_compare_call(call, figures = FALSE)
  expect_identical(names(asked), c("", "", "", "by", "method"))
  expect_identical(asked$method, c("t", "signed_rank"))
  call$method <- "sign"
  expect_identical(report_compare_call(call, figures = FALSE)$method, "sign")
})

test_that("measured patients are counted for each by level, visit and outcome", {
  d <- thal_like()
  d$hb[2] <- NA
  measured <- report_measured(compare_paired(~ month | id, d, outcomes = c("hb", "hbf"), by = arm))
  expect_identical(names(measured), c("arm", "visit", "patients", "hb", "hbf"))
  expect_identical(measured$patients, rep(3L, 6))
  expect_identical(measured$hb, c(3L, 2L, 3L, 3L, 3L, 2L))
  expect_identical(measured$hbf, rep(3L, 6))
})

test_that("the data sentence counts patients, groups, outcomes and names the visits", {
  words <- report_data_words(compare_paired(hb ~ month | id, thal_like(), by = arm))
  expect_identical(words[1], "6 patients in 2 groups (arm); 1 outcome; visits 0, 3, 12.")
})

test_that("models, screens, validations and pooled studies are parts of a report", {
  skip_without_report()
  skip_if_not_installed("MASS")
  fit <- fit_logistic(low ~ age + smoke, MASS::birthwt)
  file <- tempfile(fileext = ".html")
  study_report(list(
    Who = fit, Worth = validate_predictors(fit, validation = "none"), Screen = screen_predictors(low ~ age + smoke, MASS::birthwt),
    Weight = fit_linear(bwt ~ age + smoke, MASS::birthwt), Ranks = correlate(bwt ~ age, MASS::birthwt),
    Gain = baseline_change(Postwt ~ Prewt, MASS::anorexia)
  ), output = file)
  page <- paste(readLines(file, warn = FALSE), collapse = "\n")
  for (part in c("Who", "Worth", "Screen", "Weight", "Ranks", "Gain")) expect_match(page, paste0(">", part, "<"), fixed = TRUE)
  expect_match(page, "Odds ratios of low = 1", fixed = TRUE)
  expect_match(page, "adjusted odds ratio", fixed = TRUE)
  expect_no_match(page, "Error in", fixed = TRUE)
})

test_that("classes, response rates and cut-offs are parts of a report", {
  skip_without_report()
  rule <- response_rule(gained = change(weight) >= "5.0", none = otherwise())
  d <- data.frame(MASS::anorexia, weight = MASS::anorexia$Postwt)
  classes <- classify_response(d, rule, baseline = Prewt, keep = Treat)
  file <- tempfile(fileext = ".html")
  on.exit(unlink(file))
  study_report(list(Classes = classes, Rates = response_rate(class ~ Treat, classes, missing = "excluded"),
    Cuts = response_threshold(weight_change ~ Treat, classes, reference = "Cont", cuts = c(0, 5, 10))), output = file)
  page <- paste(readLines(file, warn = FALSE), collapse = "\n")
  wanted <- c(">Classes<", ">Rates<", ">Cuts<", "Response is gained if weight rose by at least", "missing left out")
  for (text in wanted) expect_true(grepl(text, page, fixed = TRUE), label = text)
  expect_identical(lengths(regmatches(page, gregexpr("<img", page, fixed = TRUE))), 2L)
})
