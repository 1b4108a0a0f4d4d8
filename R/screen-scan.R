# One model for each marker of a matrix, all with the same covariates.

scan_estimators <- c("auto", "ml", "firth")
scan_tests <- c("wald", "score", "lr")

# Patients without a value of a covariate get weight 0: the matrix of markers is not copied.
scan_markers <- function(input, markers, words, data_rows, call) {
  check_markers(markers, data_rows, call)
  core <- scan_core_input(input, nrow(markers))
  options <- list(
    estimator = match(words$method, scan_estimators) - 1L, test = match(words$test, scan_tests) - 1L,
    conf_level = words$conf_level, max_iterations = 100L, tolerance = 1e-8, progress = progress_hook()
  )
  solved <- ask_core(screen_scan(core, markers, options, words$threads), call)
  scan_result(solved, input, colnames(markers) %||% paste0("marker_", seq_len(ncol(markers))), words, call)
}

check_markers <- function(markers, rows, call) {
  if (!is.matrix(markers) || !is.numeric(markers)) {
    stop_input("markers", c(paste0("`markers` must be a numeric matrix, patients x markers, not ", given_value(markers), "."),
      i = "Use `as.matrix()` on a data frame of numbers."), "markers", call)
  }
  if (nrow(markers) != rows) {
    stop_input("markers", c(paste0("`markers` has ", nrow(markers), " rows where `data` has ", rows, "."),
      i = "Row i of both is the same patient."), "markers", call)
  }
  if (anyDuplicated(colnames(markers))) {
    stop_input("markers", paste0("Markers of one name: ", quoted(unique(colnames(markers)[duplicated(colnames(markers))])), "."),
      "markers", call)
  }
}

scan_core_input <- function(input, rows) {
  spread <- function(x, fill) replace(rep(fill, rows), input$rows, x)
  x <- matrix(0, rows, ncol(input$x))
  x[input$rows, ] <- input$x
  if (rows > length(input$rows) && ncol(x)) x[-input$rows, ] <- rep(input$x[1, ], each = rows - length(input$rows))
  list(x = x, y = spread(input$y, 0), weight = spread(input$trials * (input$weights %||% 1), 0),
    offset = if (!is.null(input$offset)) spread(input$offset, 0))
}

scan_result <- function(solved, input, names, words, call) {
  n <- length(names)
  method <- factor(c("ml", "firth")[solved$estimator + 1L], levels = c("ml", "firth"))
  odds <- words$estimand == "odds_ratio"
  scale <- function(x) if (odds) exp(x) else x
  out <- list(
    outcome = constant_factor(input$outcome, n), term = factor(names, levels = names), event = constant_factor(input$event, n),
    method = method, alternative = constant_factor("two.sided", n), null_value = rep(if (odds) 1 else 0, n), n = solved$n,
    n_dropped = length(input$rows) + input$n_dropped - solved$n, events = as.integer(round(solved$events)),
    estimand = constant_factor(if (odds) "odds ratio" else "log odds ratio", n), estimate = scale(solved$estimate),
    std_error = solved$std_error, conf_low = scale(solved$conf_low), conf_high = scale(solved$conf_high),
    conf_level = rep(words$conf_level, n), conf_method = constant_factor("wald", n), p_matches = solved$p_matches == 1L,
    statistic = solved$statistic, df = solved$df, p_value = solved$p_value,
    p_adjusted = if (words$p_adjust != "none") stats::p.adjust(solved$p_value, words$p_adjust),
    status = status_factor(solved$status), note = scan_notes(solved$estimator, words$method)
  )
  settings <- list(family = "screen", conf_level = words$conf_level, p_adjust = words$p_adjust, scan = TRUE,
    lines = scan_lines(input, solved, words))
  build_result(out[lengths(out) > 0L], class = c("respondr_scan", "respondr_screen"), settings = settings, input = NULL, call = call)
}

scan_notes <- function(estimator, method) {
  text <- c("", "maximum likelihood has no estimate here; Firth's stands in its place")
  factor(text[1L + (method == "auto" & estimator == 1L)], levels = text)
}

scan_lines <- function(input, solved, words) {
  firth <- sum(solved$estimator == 1L & words$method == "auto")
  c(
    paste0("event: ", input$outcome, " = ", input$event, " (", format_count(round(sum(input$y * input$trials))), " of ",
      format_count(input$n), ")"),
    paste0("covariates in every model: ", if (length(input$labels)) paste(input$labels, collapse = ", ") else "none"),
    screen_dropped(input),
    if (firth) paste0("maximum likelihood has no estimate for ", format_count(firth), " marker", if (firth != 1L) "s",
      ": Firth's penalised likelihood there (column method)")
  )
}

screen_dropped <- function(input) {
  if (input$n_dropped) {
    paste0("rows left out for a missing value: ", input$n_dropped, " (",
      paste0(names(input$missing), " ", input$missing, collapse = ", "), ")")
  }
}
