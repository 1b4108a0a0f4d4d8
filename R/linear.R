#' Linear model of a continuous response
#'
#' How much does the response differ with the predictors? Least squares in C++, with the covariance asked for, tests of
#' terms with their partial R2, splines, factors and interactions; or a robust MM fit.
#'
#' Coefficients that depend on those before them are named and left out. Columns are centred before they are decomposed, so
#' that a common offset costs no digits, and nearly dependent ones are refined with residuals in twice the precision.
#'
#' @section Covariance:
#' `"classical"`: s^2 (X'WX)^-1. `"HC0"` to `"HC4"`: sandwich (White 1980; MacKinnon and White 1985; Cribari-Neto 2004);
#' the row of a patient who alone determines a coefficient (leverage 1) has no HC2, HC3 or HC4, and the status says so.
#' `"cluster"` (or `"CR2"`): Bell and McCaffrey (2002) with Satterthwaite's degrees of freedom for each coefficient;
#' `"CR1"`, `"CR0"`: with and without Stata's factor, on G - 1 degrees of freedom, G the number of clusters; tests of terms
#' by CR2 are those of Tipton and Pustejovsky (2015, approximate Hotelling's T2), by CR0 and CR1 on G - 1.
#'
#' @section Tests of terms:
#' `anova()` tests each term given all terms that do not contain it (type II) by F, and gives partial R2 = SS / (SS + RSS)
#' with limits from the noncentral F for fixed predictors (Steiger 2004). The interval of partial R2 is two-sided at
#' `conf_level` and does not invert the F test, which is one-sided.
#'
#' @section Methods:
#' `"ls"`: least squares, weighted if `weights` are given (inverse variances up to a factor, as in [stats::lm()]; rows of
#' weight 0 count nowhere). `"mm"`: MM estimate by [robustbase::lmrob()] with its own covariance (Yohai 1987; Koller and
#' Stahel 2017).
#'
#' @param formula `response ~ predictors`; `ns()`, `bs()`, `rcs()`, factors, interactions and `offset()` are understood,
#'   `.` takes all other columns.
#' @param data A data frame, one row a patient.
#' @param ... Must be empty.
#' @param vcov `"classical"`, `"HC0"` to `"HC4"`, `"cluster"` (= `"CR2"`), `"CR0"`, `"CR1"`, `"CR2"`.
#' @param cluster The column of clusters (centres, families).
#' @param method `"ls"` or `"mm"`.
#' @param weights,offset,subset Columns or expressions of `data`.
#' @param reference Reference levels of factors, named: `c(spleen = "no")`.
#' @param conf_level Confidence level.
#' @param steps Named numbers: coefficients of numeric predictors are shown per that many units, `c(hbf = 10)`.
#' @param threads Threads; results are the same bits for any number.
#' @return An object of class `respondr_linear`, `respondr_model`, which answers to `coef()`, `vcov()`, `confint()`,
#' `predict()`,
#'   `residuals()`, `anova()`, `logLik()`, `simulate()`, `update()`, `tidy()`, `glance()`, `augment()`, `hatvalues()`,
#'   `cooks.distance()`, `rstudent()`, `dfbetas()`, `plot()`.
#' @section Errors:
#' `respondr_error` naming the argument: unknown columns, infinite values, negative weights, a missing cluster;
#' `respondr_error_package` if `method = "mm"` and robustbase is absent.
#' @references
#' Tipton E, Pustejovsky JE (2015) \doi{10.3102/1076998615606099}. Bjorck A (1967) \doi{10.1007/BF01939321}. MacKinnon JG,
#' White H (1985) \doi{10.1016/0304-4076(85)90158-7}. Pustejovsky JE, Tipton E (2018) \doi{10.1080/07350015.2016.1247004}.
#' Steiger JH (2004) \doi{10.1037/1082-989X.9.2.164}. Yohai VJ (1987) \doi{10.1214/aos/1176350366}.
#' @examples
#' fit <- fit_linear(Postwt ~ Prewt + Treat, MASS::anorexia, vcov = "HC3",
#'   reference = c(Treat = "Cont"))
#' fit
#' anova(fit)
#' predict(fit, data.frame(Prewt = 80, Treat = "FT"), interval = "prediction")
#' @export
fit_linear <- function(formula, data = NULL, ..., vcov = NULL, cluster = NULL, method = "ls", weights = NULL, offset = NULL,
                       subset = NULL, reference = NULL, conf_level = 0.95, steps = NULL,
                       threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  cluster <- null_word(substitute(cluster), env)
  vcov <- check_word(vcov %||% if (is.null(cluster)) "classical" else "CR2", c(linear_vcovs, "cluster"), "vcov", call)
  if (vcov == "cluster") vcov <- "CR2"
  check_word(method, c("ls", "mm"), "method", call)
  conf_level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  threads <- check_threads(threads, call)
  input <- predictor_input(formula, data, null_word(substitute(subset), env), null_word(substitute(weights), env),
    null_word(substitute(offset), env), NULL, reference, "continuous", env, call, leave_out = all.vars(cluster))
  steps <- check_steps(steps, input, call)
  codes <- linear_clusters(cluster, vcov, method, data, input, env, call)
  problem <- list(x = input$x, y = as.double(input$y), weight = input$weights, offset = input$offset)
  raw <- ask_core(linear_fit(problem, threads), call)
  fit <- new_linear(raw, problem, input, codes, list(vcov = vcov, method = method, conf_level = conf_level, steps = steps,
    threads = threads, cluster = if (!is.null(cluster)) deparse_one(cluster), formula = formula, family = "linear"), call)
  linear_warn(fit, call)
  fit
}

linear_vcovs <- c("classical", "HC0", "HC1", "HC2", "HC3", "HC4", "CR0", "CR1", "CR2")

# Codes of the clusters of the rows used, from 1; rows of weight 0 do not make a cluster.
linear_clusters <- function(cluster, vcov, method, data, input, env, call) {
  wanted <- startsWith(vcov, "CR")
  if (wanted && is.null(cluster) || !wanted && !is.null(cluster)) {
    stop_input("cluster", if (wanted) {
      c("A cluster covariance needs the clusters.", i = "Name their column: `cluster = centre`.")
    } else {
      c(paste0("`cluster` has no part in `vcov = \"", vcov, "\"`."),
        i = "Use `vcov = \"cluster\"`, or leave `cluster` out.")
    }, "cluster", call)
  }
  if (method == "mm" && vcov != "classical") {
    stop_input("vcov", c("The MM estimate has a covariance of its own.", i = "Leave `vcov` and `cluster` out."), "vcov",
      call)
  }
  if (!wanted) {
    return(NULL)
  }
  data <- as_data(data, call)
  values <- eval_column(cluster, data, env, "cluster", if (length(data)) nrow(data), call)[input$rows]
  if (anyNA(values)) {
    stop_input("cluster", c(paste0(sum(is.na(values)), " of the patients used have no cluster."),
      i = "Leave them out with `subset`, or give each a cluster of its own."), "cluster", call)
  }
  counts <- if (is.null(input$weights)) rep(TRUE, length(values)) else input$weights > 0
  match(values, unique(values[counts]), nomatch = 1L)
}

new_linear <- function(raw, problem, input, codes, settings, call) {
  names <- colnames(input$x)
  raw$status <- status_table$word[raw$status + 1L]
  robust <- if (settings$method == "mm") lib_lmrob(problem, raw$kept, call)
  variance <- linear_covariance(problem, raw, codes, settings, robust, call)
  beta <- if (is.null(robust)) raw$beta else replace(raw$beta, raw$kept, robust$coefficients)
  fitted <- if (is.null(robust)) raw$fitted else robust$fitted
  status <- if (raw$status %in% c("ok", "no_variance")) {
    if (variance$status == "ok") raw$status else variance$status
  } else raw$status
  structure(list(
    coefficients = stats::setNames(beta, names), vcov = variance$vcov, df = stats::setNames(variance$df, names),
    fitted.values = fitted, residuals = problem$y - fitted,
      sigma = robust$scale %||% if (raw$df > 0) sqrt(raw$rss / raw$df) else NA_real_,
    df.residual = raw$df, rank = sum(raw$kept), rss = raw$rss, tss = raw$tss, kept = raw$kept, status = status,
    robust = robust, n = raw$n_used, core = raw, problem = problem, clusters = codes, method = settings$method,
    input = input, terms = input$terms, xlevels = input$xlevels, contrasts = input$contrasts, model = input$frame,
    weights = input$weights, offset = input$offset, family = stats::gaussian(), settings = settings, call = call
  ), class = c("respondr_linear", "respondr_model"))
}

linear_covariance <- function(problem, raw, codes, settings, robust, call) {
  names <- colnames(problem$x)
  p <- length(names)
  raw$status <- match(raw$status, status_table$word) - 1L
  if (!is.null(robust)) {
    vcov <- matrix(NA_real_, p, p, dimnames = list(names, names))
    vcov[raw$kept, raw$kept] <- robust$vcov
    return(list(vcov = vcov, df = rep(raw$df, p), status = if (robust$converged) "ok" else "not_converged"))
  }
  out <- ask_core(linear_variance(problem, raw, match(settings$vcov, linear_vcovs) - 1L, codes,
    if (length(codes)) max(codes) else 0L), call)
  list(vcov = matrix(out$vcov, p, p, dimnames = list(names, names)), df = out$df,
    status = status_table$word[out$status + 1L])
}

# What went wrong, once, as a classed warning; the object says it too.
linear_warn <- function(fit, call) {
  lost <- names(fit$coefficients)[!fit$kept]
  if (length(lost) && fit$status != "no_data") {
    warn_input("rank_deficient", c(paste0("Coefficients that depend on others are left out: ", quoted(lost, 8), "."),
      i = if (length(fit$input$constant)) paste0("Predictors of a single value: ", quoted(fit$input$constant, 8), ".")),
      "formula", call)
  }
  if (!fit$status %in% c("ok", "rank_deficient")) {
    warn_input(fit$status, paste0("The linear model of `", fit$input$outcome, "` has status `", fit$status, "`: ",
      linear_reason(fit), "."), if (fit$status == "one_level") "cluster" else "formula", call)
  }
}

linear_reason <- function(fit) {
  at <- if (fit$status == "not_estimable") which(hatvalues.respondr_linear(fit) > 1 - 1e-10)
  switch(fit$status,
    no_data = "no patient has the response and all predictors",
    too_few = paste0(fit$n, " patients for ", fit$rank, " coefficients leave no degrees of freedom for their spread"),
    no_variance = "the model explains every value, so there is no scatter to judge it by",
    not_estimable = paste0("row ", paste(utils::head(fit$input$rows[at], 5), collapse = ", "),
      " alone determines a coefficient (leverage 1), where ", fit$settings$vcov, " is infinite"),
    one_level = "all patients are in one cluster",
    status_sentence(fit$status)
  )
}
