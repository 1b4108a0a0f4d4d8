# The command line of tools/report.sh: words to a call of compare_paired(), or the demonstration.

report_flags <- c(
  "data", "formula", "by", "baseline", "reference", "visits", "method", "scale", "p-adjust", "conf-level", "seed",
  "sep", "dec", "title", "output"
)

# args: what follows `sh tools/report.sh`. Writes the report, says where, and ends R with status 1 on wrong words.
report_main <- function(args) {
  tryCatch(
    {
      flags <- parse_flags(args)
      if (isTRUE(flags$help)) {
        writeLines(readLines(system.file("report_usage.txt", package = "respondr")))
        return(invisible())
      }
      output <- flags$output %||% "respondr-report.html"
      file <- if (is.null(flags$data)) report_demo(flags, output) else report_csv(flags, output)
      message("Report written to ", file)
      invisible(file)
    },
    respondr_error = function(cnd) {
      message("report.sh: ", conditionMessage(cnd), "\nSee sh tools/report.sh --help.")
      quit(save = "no", status = 1L)
    }
  )
}

# --name value or --name=value.
parse_flags <- function(args) {
  flags <- list()
  i <- 1L
  while (i <= length(args)) {
    word <- args[i]
    if (word %in% c("--help", "-h")) {
      return(list(help = TRUE))
    }
    name <- sub("^--([^=]*).*$", "\\1", word)
    if (!startsWith(word, "--") || !name %in% report_flags) {
      stop_input("option", paste0("There is no option ", quoted(word), "."), "args", NULL)
    }
    if (grepl("=", word, fixed = TRUE)) {
      value <- sub("^[^=]*=", "", word)
    } else {
      i <- i + 1L
      if (i > length(args)) stop_input("option", paste0("Option ", quoted(word), " needs a value."), "args", NULL)
      value <- args[i]
    }
    flags[[gsub("-", "_", name)]] <- value
    i <- i + 1L
  }
  flags
}

flag_words <- function(x) if (!is.null(x)) trimws(strsplit(x, ",", fixed = TRUE)[[1]])

flag_number <- function(x, name) {
  if (is.null(x)) {
    return(NULL)
  }
  number <- suppressWarnings(as.numeric(x))
  if (is.na(number)) stop_input("option", paste0("--", name, " must be a number, not ", quoted(x), "."), "args", NULL)
  number
}

report_csv <- function(flags, output) {
  if (is.null(flags$formula)) {
    stop_input("option", c("--data needs --formula.", i = "For example --formula 'hb + hbf ~ visit | id'."), "args",
      NULL)
  }
  data <- read_report_csv(flags)
  parsed <- flag_formula(flags$formula)
  words <- list(
    quote(respondr::compare_paired), parsed$formula, data = quote(data), outcomes = parsed$outcomes,
    baseline = flag_words(flags$baseline), by = flag_words(flags$by), reference = flags$reference,
    visits = flag_words(flags$visits), method = flag_words(flags$method) %||% report_methods,
    scale = flags$scale, p_adjust = flags$p_adjust, conf_level = flag_number(flags$conf_level, "conf-level"),
    seed = flag_number(flags$seed, "seed")
  )
  result <- eval(as.call(words[!vapply(words, is.null, NA)]))
  study_report(result, title = flags$title %||% "Before and after treatment", output = output,
    about = paste0("Data: ", basename(flags$data), ", ", nrow(data), " rows and ", ncol(data), " columns."))
}

# The separator is the one that the first row holds most of; spreadsheets of many countries write semicolons.
read_report_csv <- function(flags) {
  if (!file.exists(flags$data)) {
    stop_input("data", paste0("There is no file ", quoted(flags$data), "."), "data", NULL)
  }
  sep <- flags$sep
  if (is.null(sep)) {
    first <- readLines(flags$data, n = 1L, warn = FALSE)
    marks <- c(",", ";", "\t")
    counts <- vapply(marks, function(m) lengths(regmatches(first, gregexpr(m, first, fixed = TRUE))), 0L)
    sep <- marks[which.max(counts)]
  }
  utils::read.csv(flags$data, sep = sep, dec = flags$dec %||% ".", check.names = FALSE, na.strings = c("NA", "", "."),
    strip.white = TRUE, fileEncoding = "UTF-8-BOM", stringsAsFactors = FALSE)
}

# `hb + hbf ~ visit | id` is several outcomes; the formula of compare_paired() names them in `outcomes`.
flag_formula <- function(text) {
  formula <- tryCatch(stats::as.formula(text, env = globalenv()), error = function(cnd) NULL)
  if (is.null(formula)) {
    stop_input("formula", c(
      paste0("--formula is not a formula: ", quoted(text), "."),
      i = "Write for example 'hb ~ visit | id'."
    ), "formula", NULL)
  }
  sum_terms <- function(e) {
    plus <- is.call(e) && identical(e[[1]], as.name("+")) && length(e) == 3L
    if (plus) c(sum_terms(e[[2]]), sum_terms(e[[3]])) else list(e)
  }
  terms <- if (length(formula) == 3L) sum_terms(formula[[2]])
  if (length(terms) < 2L || !all(vapply(terms, is.symbol, NA))) {
    return(list(formula = formula))
  }
  formula[[2]] <- NULL
  list(formula = formula, outcomes = vapply(terms, as.character, ""))
}

report_demo <- function(flags, output) {
  unused <- setdiff(names(flags), c("output", "title", "seed"))
  if (length(unused)) {
    stop_input("option", paste0("--", unused[1], " needs --data."), "args", NULL)
  }
  example <- utils::read.csv(system.file("extdata", "before_after_example.csv", package = "respondr"))
  example$arm <- factor(example$arm, levels = c("control", "low dose", "high dose"))
  results <- list(
    "Anorexia: weight before and after therapy" = compare_paired(
      Postwt ~ 1, baseline = "Prewt", data = MASS::anorexia, by = "Treat", method = report_methods
    ),
    "A study with several visits and analytes" = compare_paired(
      ~ visit | id, example, outcomes = c("hb", "ferritin", "hbf", "weight"), by = "arm",
      visits = c("baseline", "month 3", "month 6", "month 12"), method = report_methods
    )
  )
  dropping <- utils::read.csv(system.file("extdata", "repeated_example.csv", package = "respondr"))
  dropping$phenotype <- factor(dropping$phenotype)
  results[["A study whose patients drop out: repeated-measures ANOVA"]] <- rm_anova(hb ~ phenotype * month | id, dropping)
  results[["The same study, all measurements: mixed model"]] <- rm_mmrm(hb ~ phenotype * month | id, dropping)
  results[["Three analyses side by side"]] <- rm_compare(hb ~ month | id, dropping)
  results[["Two groups from a printed table"]] <- compare_groups(n = c(others = 21, main = 41), mean = c(28.49, 46.14),
    sd = c(20.54, 22.09), method = c("student", "welch"))
  results[["Rates from a printed table"]] <- compare_rates(events = c(others = 14, main = 15), n = c(others = 21, main = 41),
    method = c("chisq", "n1_chisq", "fisher"))
  results[["The same patients before and after"]] <- compare_paired_rates(both = 59, lost = 6, gained = 16, neither = 80,
    method = c("mcnemar", "mcnemar_exact", "mcnemar_midp"))
  results <- c(results, report_responders(example))
  study_report(results,
    title = flags$title %||% "Before and after treatment: a demonstration", output = output,
    about = c(
      paste(
        "Weights (lb) of 72 young women with anorexia before and after one of three treatments: cognitive",
        "behavioural therapy (CBT), a control condition (Cont) and family therapy (FT). Real data: Hand et al. (1993),",
        "A Handbook of Small Data Sets, in the R package MASS."
      ),
      paste(
        "Synthetic data made for this package: three arms, four visits; haemoglobin (hb, g/dL), serum ferritin (ug/L),",
        "fetal haemoglobin (hbf, %) and weight (kg). No person stands behind any row."
      ),
      paste(
        "Synthetic data made for this package: haemoglobin (g/dL) of 39 patients at 0 and 3 months, 20 at 12 and 7 at 24.",
        "No person stands behind any row."
      ),
      "Every measurement of the same patients; degrees of freedom as SAS prints them (Kenward and Roger).",
      "Completers, all measurements, and each pair of visits on its own.",
      paste(
        "Fetal haemoglobin (%) at baseline of 41 main responders and 21 others, from the printed means and standard deviations of a",
        "study of thalidomide in beta-thalassemia (Table 2, which prints P = .003)."
      ),
      paste(
        "Patients without a spleen among the same 21 and 41, who are 14 and 15 (Table 2, which prints P = .025). Each p stands beside",
        "the interval of its own test."
      ),
      paste(
        "Complete response before and after consolidation therapy in 161 patients with multiple myeloma (Cavo et al. 2012, as",
        "tabulated by Fagerland, Lydersen and Laake 2013)."
      ),
      report_responders_about[seq_len(sum(startsWith(names(results), "Responders")))]
    )
  )
}

# Responders: the classes printed for the thalidomide study, and those of the synthetic study by its rule.
report_responders <- function(example) {
  classes <- c("none", "minor", "main")
  printed <- matrix(c(4, 0, 0, 0, 15, 2, 0, 4, 37), 3, dimnames = list("3 months" = classes, "long term" = classes))
  month <- c(baseline = 0, "month 3" = 3, "month 6" = 6, "month 12" = 12)
  rule <- eval(quote(  # the words of a rule are no objects
    response_rule(main = change(hb) > "2.0", minor = change(hb) >= "1.0", none = otherwise(), missing = "open")
  ))
  seen <- classify_response(example, rule, id = "id", visit = "visit", baseline = "baseline", visits = names(month),
    keep = c("arm", "age"))
  last <- seen[seen$visit == "month 12", ]
  out <- list(
    "Responders: classes at 3 months and at long-term follow-up" = response_shift(printed),
    "Responders: the rule and the classes" = seen,
    "Responders: response rates at month 12" = response_rate(class ~ arm, last, missing = c("nonresponder", "excluded")),
    "Responders: the same, adjusted for age and baseline" = response_rate(class ~ arm, last, missing = "excluded",
      adjust = ~ age + hb_baseline),
    "Responders: over all cut-offs" = response_threshold(hb_change ~ arm, last, reference = "control"),
    "Responders: class at one visit against another" = response_shift(class ~ visit | id, seen, contrasts = "reference"),
    "Responders: proportional odds of a better class at month 12" = response_ordinal(class ~ arm + age, last),
    "Responders: wins of each arm over the control" = response_wins(class ~ arm, last)
  )
  if (requireNamespace("survival", quietly = TRUE)) {
    out[["Responders: time to at least a minor response"]] <- response_time(class ~ visit | id, seen, by = "arm",
      event = c("minor", "main"), times = month[-1], at = c(6, 12))
  }
  out
}

report_responders_about <- c(
  paste(
    "Thalidomide in 62 patients with beta-thalassemia: of 39 main responders at 3 months two fell to minor and of 19 minor",
    "responders four rose to main at long-term follow-up, which makes 41 (its Table 2); best ever would be 43."
  ),
  paste(
    "The synthetic study of several visits, classified by one rule; a patient without a measurement has no class. No person",
    "stands behind any row."
  ),
  "Every patient in the denominator, or those with a class only; differences are arm minus control.",
  paste(
    "Mean probabilities of the same patients under each arm, by a logistic model of arm, age and baseline hemoglobin;",
    "where that has infinite coefficients, by FLIC."
  ),
  "The cut-off of the rule is one of many: rates and differences at all of them, with a band that holds for all together.",
  "Those without a class at one of the two visits are counted and named.",
  "The same classes at month 12; the common odds ratio is that of being above any cut.",
  "Every patient of an arm against every patient of the control; ties count half.",
  "The same classes at all visits: Kaplan-Meier, times are those of the visits at which the response was first seen."
)
