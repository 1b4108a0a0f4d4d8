# A linear model in print.

#' @export
format.respondr_linear <- function(x, ..., width = getOption("width")) {
  rows <- linear_coefficients(x, steps = x$settings$steps)
  places <- estimate_places(rows$estimate, rows$conf_low, rows$conf_high, rows$std_error)
  varying <- length(unique(stats::na.omit(rows$df))) > 1L
  columns <- list(
    term = table_column("coefficient", rows$term, FALSE),
    estimate = table_column("estimate", format_places(rows$estimate, places)),
    se = table_column("SE", format_places(rows$std_error, places), keep = 2),
    interval = table_column(paste(format_level(x$settings$conf_level), "interval"),
      format_interval(rows$conf_low, rows$conf_high, places)),
    t = table_column("t", format_statistic(rows$statistic), keep = 4),
    df = if (varying) table_column("df", format_places(rows$df, 1L), keep = 3),
    p = table_column("p", format_p(rows$p_value))
  )
  fitted <- fit_columns(columns[!vapply(columns, is.null, NA)], width)
  c(wrapped(c(paste0("Linear model of ", x$input$outcome, ", ", x$n, " patients"), capitalised(linear_lines(x))),
    width), "",
    table_lines(fitted$columns, width), "", wrapped(linear_footer(x), width))
}

# Names of the tests as an htest gives them.
linear_test_names <- c(
  pearson = "test of Pearson's correlation", spearman = "test of Spearman's rank correlation",
    kendall = "test of Kendall's tau-b",
  f = "F test of a term", wald = "Wald test of a term", study = "t-test of the slope in one study",
  one_stage = "t-test of the slope within studies", intercepts = "F test of equal intercepts",
  interaction = "F test of equal slopes", fixed = "z-test of the pooled slope, fixed effect",
  dersimonian_laird = "test of the pooled slope, random effects (DerSimonian-Laird)",
  paule_mandel = "test of the pooled slope, random effects (Paule-Mandel)",
  reml = "test of the pooled slope, random effects (REML)", heterogeneity = "Q test that studies agree",
  leave_one_out = "test of the pooled slope without a study", naive = "t-test of the slope of change on baseline",
  oldham = "t-test of the slope of change on the mean (Oldham)", pitman_morgan = "Pitman-Morgan test of two variances",
  log_ratio = "Pitman-Morgan test of logarithms", blomqvist = "test of the slope on the true baseline (Blomqvist)",
  blomqvist_error = "test of the slope on the true baseline (Blomqvist)",
  mee_chua = "t-test of the change without regression to the mean (Mee and Chua)"
)

linear_methods_words <- c(ls = "least squares", mm = "robust MM estimate (robustbase::lmrob)")

# What was chosen and what was left out.
linear_lines <- function(x) {
  input <- x$input
  c(
    paste0(if (is.null(x$weights)) "" else "weighted ", linear_methods_words[[x$method]], ", ", linear_vcov_words(x)),
    predictor_lines(input),
    if (any(x$weights == 0)) paste0(sum(x$weights == 0), " rows of weight 0 count nowhere"),
    if (!all(x$kept)) paste0("left out, as they depend on others: ", paste(names(x$coefficients)[!x$kept],
      collapse = ", ")),
    if (x$status != "ok") paste0("status: ", x$status, " (", linear_reason(x), ")")
  )
}

predictor_lines <- function(input) {
  c(
    if (input$n_dropped > 0L) paste0("rows left out for want of a value: ", input$n_dropped, " (",
      paste(names(input$missing), input$missing, collapse = ", "), ")"),
    if (length(input$reference)) paste0("reference levels: ", paste(names(input$reference), input$reference,
      collapse = ", ")),
    if (length(input$unused)) paste0("levels without patients: ", paste0(names(input$unused), " ",
      vapply(input$unused, paste, "", collapse = "/"), collapse = ", ")),
    if (length(input$constant)) paste0("predictors of a single value: ", paste(input$constant, collapse = ", "))
  )
}

linear_vcov_words <- function(x) {
  if (x$method == "mm") {
    return(paste0("its own covariance, t on ", format(x$df.residual), " df"))
  }
  kind <- x$settings$vcov
  clusters <- if (startsWith(kind, "CR")) paste0(max(x$clusters), " clusters of ", x$settings$cluster)
  switch(substr(kind, 1, 2),
    cl = paste0("classical covariance, t on ", format(x$df.residual), " df"),
    HC = paste0("covariance ", kind, ", t on ", format(x$df.residual), " df"),
    paste0("covariance ", kind, " by ", clusters, ", ",
      if (kind == "CR2") "Satterthwaite df of each coefficient" else paste0("t on ", max(x$clusters) - 1, " df"))
  )
}

linear_footer <- function(x) {
  r2 <- linear_r2(x)
  c(
    paste0("Residual SD ", format(x$sigma, digits = 4), " on ", format(x$df.residual), " df",
      if (!is.na(r2[1])) paste0("; R2 ", formatC(r2[1], digits = 3, format = "f"), ", adjusted ",
        formatC(r2[2], digits = 3, format = "f"))),
    if (!is.null(x$robust)) paste0("Patients of weight below 0.1: ", sum(x$robust$weights < 0.1)),
    "Tests of terms with partial R2: anova(); residuals and influence: plot(), cooks.distance()."
  )
}

#' @export
print.respondr_linear <- function(x, ..., width = getOption("width")) {
  lines <- format(x, width = width)
  lines[1] <- cli::style_bold(lines[1])
  cli::cat_line(lines)
  invisible(x)
}

#' @rdname linear_methods
#' @export
summary.respondr_linear <- function(object, ...) {
  rows <- linear_coefficients(object)
  table <- cbind(Estimate = rows$estimate, "Std. Error" = rows$std_error, "t value" = rows$statistic,
    "Pr(>|t|)" = rows$p_value)
  rownames(table) <- rows$term
  terms <- if (length(object$input$labels)) anova.respondr_linear(object)
  structure(list(model = object, coefficients = table, terms = terms), class = "summary_respondr_linear")
}

#' @export
print.summary_respondr_linear <- function(x, ...) {
  print(x$model)
  if (!is.null(x$terms)) {
    cli::cat_line("")
    print(x$terms)
  }
  invisible(x)
}

#' @rdname report_text
#' @export
report_text.respondr_linear <- function(x, ...) {
  rows <- linear_coefficients(x, steps = x$settings$steps)
  use <- !names(x$coefficients) %in% "(Intercept)" & x$kept
  level <- format_level(x$settings$conf_level)
  vapply(which(use), function(i) {
    number <- function(v) format(signif(v, 3), trim = TRUE)
    if (is.na(rows$p_value[i])) {
      return(paste0("In ", x$n, " patients the coefficient of ", rows$term[i], " on ", x$input$outcome, " was ",
        number(rows$estimate[i]), ", without a test: ", linear_reason(x), "."))
    }
    paste0("In ", x$n, " patients ", x$input$outcome, " differed by ", number(rows$estimate[i]), " (", level, " interval ",
      number(rows$conf_low[i]), " to ", number(rows$conf_high[i]), "; ", format_p_words(rows$p_value[i]), ") with ",
        rows$term[i],
      if (sum(use) > 1L) ", the other predictors held", " (", linear_methods_words[[x$method]], ", ",
        linear_vcov_words(x), ").")
  }, "")
}

format_p_words <- function(p) {
  text <- format_p(p)
  if (startsWith(text, "<")) paste0("p ", sub("<", "< ", text)) else paste0("p = ", text)
}
