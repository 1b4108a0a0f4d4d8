#' Which predictors go with the response: the table of a paper, or a scan of thousands of markers
#'
#' One table for a handful of candidates: description by response with a test, odds ratio of each predictor alone, odds ratios of
#' all together, on the same patients and by one estimator. With `markers`, one model for each column of a matrix, all with the
#' covariates of the formula.
#'
#' @section The table:
#' Tests of the description are those named in the call (`numeric_test`, `factor_test`); nothing switches them by a test of
#' normality or by expected counts. Odds ratios are per `steps` of a number and per level against the reference of a factor; p and
#' interval are those of the (penalised) likelihood ratio, unless `test` and `interval` say Wald. `method = "auto"` is maximum
#' likelihood if no row of the table separates, else Firth's penalised likelihood for every row; the print says which. All models
#' use the patients with every predictor known (`same_patients = FALSE`: each predictor its own, with n beside it).
#'
#' @section Selection:
#' `select = 0.2` keeps the predictors whose own p is at most that (`select_by = "univariable"`), or removes the largest p from
#' the full model until none is above it (`"backward"`), and fits the rest together. Such a filter uses the response twice: the
#' p-values and intervals of what is left are too good, and the call warns. `replicates` bootstrap samples, drawn within the two
#' classes of response, go through the whole procedure; the print shows how often each predictor is kept and what the apparent
#' AUC, Brier score and calibration slope lose (Harrell 2015). Samples that separate are fitted by Firth's method and its
#' intercept-corrected probabilities (FLIC), and counted.
#'
#' @section The scan:
#' Each marker (numeric matrix, `NA` allowed) joins the covariates by maximum likelihood; where it separates the response or no
#' maximum is found, Firth's estimate stands there and `method` says so. `test`: `"wald"` (default for a scan), `"score"`, `"lr"`.
#' Converged to a last step of 1e-8 standard errors. The call can be interrupted and shows progress.
#'
#' @param formula `response ~ hbf + spleen`, or `response ~ .`; with `markers` the covariates of every model (`response ~ 1`: none).
#' @param data A data frame.
#' @param ... Must be empty.
#' @param markers Numeric matrix, patients (rows of `data`) x markers.
#' @param subset A condition on the rows of `data`.
#' @param event The response that is counted; by default `TRUE`, 1 or the second level.
#' @param reference Reference levels, such as `c(spleen = "no")`; by default the first level.
#' @param method `"auto"`, `"ml"` or `"firth"`.
#' @param test `"lr"`, `"wald"`, or for a scan also `"score"`.
#' @param interval `"profile"` or `"wald"`; in a scan always Wald's.
#' @param numeric_test,factor_test Of the description: a method of [compare_groups()] for two groups, one of [compare_rates()].
#' @param same_patients Are all models fitted on the patients with every predictor?
#' @param multivariable Is the model of all predictors (or those selected) part of the table?
#' @param steps Named numbers: odds ratios per that many units, such as `c(hbf = 10)`.
#' @param select,select_by Threshold of a p-value filter, and its kind.
#' @param replicates Bootstrap samples of the whole procedure; 0: none.
#' @param estimand Of a scan: `"odds_ratio"` or `"log_odds_ratio"`.
#' @param p_adjust `"none"` or a method of [stats::p.adjust()].
#' @param adjust_over Columns whose rows form one family; `NULL`: the rows of one model (univariable, multivariable, description)
#'   are a family each.
#' @param conf_level Confidence level.
#' @param seed As in [compare_paired()].
#' @param threads Threads; results are the same bits for any number.
#' @return A data frame of class `respondr_screen`, one row for each predictor or level and model (column `model`), see
#'   [result_columns]; a scan has one row a marker. `attr(x, "description")` holds the description by response as text.
#' @section Errors:
#' Conditions of class `respondr_error` name the argument: unknown columns, a response whose event cannot be told, interactions
#' (they belong in [fit_logistic()]), a matrix of other than `nrow(data)` rows.
#' @references Firth D (1993) \doi{10.1093/biomet/80.1.27}. Heinze G, Schemper M (2002) \doi{10.1002/sim.1047}. Puhr R et al.
#'   (2017) \doi{10.1002/sim.7273}. Harrell FE (2015) \doi{10.1007/978-3-319-19425-7}. Steyerberg EW, Eijkemans MJC, Habbema JDF
#'   (1999) \doi{10.1016/S0895-4356(99)00103-1}.
#' @examples
#' birth <- transform(MASS::birthwt, smoke = smoke == 1,
#'   race = factor(race, labels = c("white", "black", "other")))
#' screen_predictors(low ~ age + lwt + race + smoke, birth, steps = c(lwt = 10))
#' set.seed(1)
#' snps <- matrix(rbinom(189 * 50, 2, 0.3), 189, dimnames = list(NULL, paste0("rs", 1:50)))
#' screen_predictors(low ~ age, birth, markers = snps)
#' @export
screen_predictors <- function(formula, data = NULL, ..., markers = NULL, subset = NULL, event = NULL, reference = NULL,
                              method = "auto", test = if (is.null(markers)) "lr" else "wald", interval = "profile",
                              numeric_test = "mann_whitney", factor_test = "fisher", same_patients = TRUE,
                              multivariable = TRUE, steps = NULL, select = NULL, select_by = "univariable", replicates = 0,
                              estimand = "odds_ratio", p_adjust = "none", adjust_over = NULL, conf_level = 0.95, seed = NULL,
                              threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  words <- screen_words(list(method = method, test = test, interval = interval, numeric_test = numeric_test,
    factor_test = factor_test, same_patients = same_patients, multivariable = multivariable, steps = steps, select = select,
    select_by = select_by, replicates = replicates, estimand = estimand, p_adjust = p_adjust, adjust_over = adjust_over,
    conf_level = conf_level, threads = threads), !is.null(markers), call)
  words$formula <- formula
  words$data <- data
  read <- function(f) predictor_input(f, data, substitute(subset, frame), NULL, NULL, event, reference, "binary", env, call)
  frame <- environment()
  input <- read(formula)
  if (!is.null(markers)) {
    return(scan_markers(input, markers, words, if (is.null(data)) length(input$rows) + input$n_dropped else nrow(data), call))
  }
  check_screen_input(input, words, call)
  words$steps <- check_steps(steps, input, call)
  screen_table(input, words, read, seed, call)
}

screen_words <- function(x, scan, call) {
  words <- list(
    method = check_word(x$method, scan_estimators, "method", call),
    test = check_word(x$test, if (scan) scan_tests else c("lr", "wald"), "test", call),
    interval = check_word(x$interval, c("profile", "wald"), "interval", call),
    numeric_test = check_word(x$numeric_test, c("mann_whitney", "student", "welch", "brunner_munzel"), "numeric_test", call),
    factor_test = check_word(x$factor_test, c("fisher", "chisq"), "factor_test", call),
    same_patients = check_flag(x$same_patients, "same_patients", call),
    multivariable = check_flag(x$multivariable, "multivariable", call),
    select = if (!is.null(x$select)) check_number(x$select, "select", call, 0, 1, open = TRUE),
    select_by = check_word(x$select_by, c("univariable", "backward"), "select_by", call),
    replicates = check_whole(x$replicates, "replicates", call, 0, 1e7),
    estimand = check_word(x$estimand, c("odds_ratio", "log_odds_ratio"), "estimand", call),
    p_adjust = check_word(x$p_adjust, stats::p.adjust.methods, "p_adjust", call),
    conf_level = check_number(x$conf_level, "conf_level", call, 0, 1, open = TRUE), threads = check_threads(x$threads, call)
  )
  if (!is.null(x$adjust_over)) words$adjust_over <- check_words(x$adjust_over, c("model", "term", "method"), "adjust_over", call)
  if (scan && words$method == "firth" && words$test == "score") {
    stop_input("argument", c("`test = \"score\"` belongs to maximum likelihood.", i = "Use `test = \"lr\"` or `\"wald\"`."),
      "test", call)
  }
  words
}

check_screen_input <- function(input, words, call) {
  if (any(attr(input$terms, "order") > 1L)) {
    stop_input("formula", c(paste0("Interactions are no candidates of a screen: ",
      quoted(input$labels[attr(input$terms, "order") > 1L]), "."), i = "Fit them with `fit_logistic()`."), "formula", call)
  }
  if (!length(input$labels)) {
    stop_input("formula", "The formula names no predictor.", "formula", call)
  }
  if (!0L %in% input$assign) {
    stop_input("formula", "A screen needs the intercept: leave out `- 1` or `+ 0`.", "formula", call)
  }
}
