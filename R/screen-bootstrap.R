# What the whole procedure of a screen is worth: bootstrap samples go through all of it.

screen_bootstrap <- function(input, words, estimator, call) {
  if (!words$replicates) {
    return(NULL)
  }
  if (any(input$trials != 1)) {
    stop_input("argument", c("Bootstrap samples are drawn from patients, and the response is given as counts.",
      i = "Give one row a patient."), "replicates", call)
  }
  selection <- if (is.null(words$select)) "none" else words$select_by
  rule <- list(
    selection = match(selection, c("none", "univariable", "backward")) - 1L, threshold = words$select %||% 1,
    test = match(words$test, c("lr", "wald")) - 1L, estimator = match(estimator, c("ml", "firth")) - 1L, fallback = words$method == "auto",
    conf_level = words$conf_level, seed = words$seed, progress = progress_hook()
  )
  model <- screen_model(input, input$labels)
  sets <- lapply(input$labels, function(term) which(model$term == term))
  raw <- ask_core(screen_optimism(screen_core(model), sets, rule, words$replicates, words$threads), call)
  figures <- data.frame(figure = c("AUC", "Brier score", "scaled Brier score", "calibration intercept", "calibration slope"),
    raw[c("apparent", corrected_columns)])
  list(figures = figures, included = stats::setNames(raw$included, input$labels), raw = raw, replicates = words$replicates,
    conf_level = words$conf_level, selected = !is.null(words$select))
}

screen_bootstrap_lines <- function(boot, width) {
  if (is.null(boot)) {
    return(NULL)
  }
  figures <- boot$figures
  interval <- paste0("[", format_places(figures$corrected_low, 3L), ", ", format_places(figures$corrected_high, 3L), "]")
  columns <- list(
    table_column("whole procedure", figures$figure, FALSE), table_column("apparent", format_places(figures$apparent, 3L)),
    table_column("optimism", format_places(figures$optimism, 3L)), table_column("corrected", format_places(figures$corrected, 3L)),
    table_column(paste(format_level(boot$conf_level), "interval"), ifelse(is.na(figures$corrected_low), "", interval))
  )
  included <- sort(boot$included, decreasing = TRUE)
  kept <- paste0("Kept in the samples: ", paste0(names(included), " ", formatC(100 * included, digits = 0, format = "f"), " %",
    collapse = ", "), ".")
  c("", table_lines(columns, width), wrapped(c(if (boot$selected) kept, paste0(capitalised(screen_bootstrap_counts(boot$raw)),
    ".")), width))
}

screen_bootstrap_counts <- function(raw) {
  if (raw$status != 0L) {
    return(bootstrap_lines(raw))
  }
  flat <- raw$replicates - raw$failed - raw$used[match("slope", resampled_measures)]
  paste(c(paste(format_count(raw$replicates), "bootstrap samples within the classes of response"), refit_line(raw),
    if (flat > 0) paste0("no calibration slope, because no predictor was kept: ", times(flat)), slope_line(raw)),
    collapse = "; ")
}
