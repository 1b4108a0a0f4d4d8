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
    seed = words$seed, progress = progress_hook()
  )
  model <- screen_model(input, input$labels)
  sets <- lapply(input$labels, function(term) which(model$term == term))
  raw <- ask_core(screen_optimism(screen_core(model), sets, rule, words$replicates, words$threads), call)
  bootstrap_figures(raw, input, words)
}

# Row 1 of the raw figures is the data, the others the samples.
bootstrap_figures <- function(raw, input, words) {
  own <- raw$own[-1, , drop = FALSE]
  data <- raw$data[-1, , drop = FALSE]
  loss <- own - data
  optimism <- colMeans(loss, na.rm = TRUE)
  figures <- data.frame(
    figure = c("AUC", "Brier score", "calibration intercept", "calibration slope"), apparent = raw$own[1, ], optimism = optimism,
    corrected = raw$own[1, ] - optimism
  )
  list(figures = figures, included = stats::setNames(colMeans(raw$chosen[-1, , drop = FALSE]), input$labels),
    firth = sum(raw$firth[-1]), flat = sum(is.na(loss[, 4])), replicates = words$replicates,
    selected = !is.null(words$select))
}

screen_bootstrap_lines <- function(boot, width) {
  if (is.null(boot)) {
    return(NULL)
  }
  figures <- boot$figures
  columns <- list(
    table_column("whole procedure", figures$figure, FALSE), table_column("apparent", format_places(figures$apparent, 3L)),
    table_column("optimism", format_places(figures$optimism, 3L)), table_column("corrected", format_places(figures$corrected, 3L))
  )
  included <- sort(boot$included, decreasing = TRUE)
  kept <- paste0("Kept in the samples: ", paste0(names(included), " ", formatC(100 * included, digits = 0, format = "f"), " %",
    collapse = ", "), ".")
  counted <- paste0(format_count(boot$replicates), " bootstrap samples within the classes of response",
    if (boot$firth) paste0("; ", format_count(boot$firth), " fitted by Firth's method with its intercept corrected"),
    if (boot$flat) paste0("; ", format_count(boot$flat), " have no calibration slope, because they keep no predictor or it separates"),
    ".")
  c("", table_lines(columns, width), wrapped(c(if (boot$selected) kept, counted), width))
}
