# The model fitted again in resamples: what C++ hands over, as columns and as sentences.

resample_model <- function(patients, parts, words, seed, call) {
  drawn <- new_seed(seed, call)
  x <- if (is.null(patients$row)) parts$x else parts$x[patients$row, , drop = FALSE]
  storage.mode(x) <- "double"
  cv <- words$validation == "cv"
  offset <- if (!is.null(parts$offset) && any(parts$offset != 0)) as.double(spread(parts$offset, patients))
  options <- list(estimator = parts$estimator, logf_m = parts$logf_m, flac = parts$flac, stratified = TRUE,
    folds = if (cv) words$folds else 0L, replicates = if (cv) words$repeats else words$replicates,
    conf_level = words$conf_level, seed = drawn$value, progress = progress_hook())
  solved <- ask_core(validate_model(list(event = patients$event, weight = patients$weight, x = x, offset = offset), options,
    words$threads), call)
  list(summary = solved, seed = drawn$value, replicates = options$replicates,
    lines = if (cv) fold_lines(solved, words) else bootstrap_lines(solved))
}

# The order of Measure in measures.hpp.
resampled_measures <- c("auc", "brier", "scaled_brier", "intercept", "slope")

corrected_rows <- function(summary, columns) {
  at <- match(columns$method, resampled_measures)
  lapply(stats::setNames(nm = corrected_columns), function(name) summary[[name]][at])
}

times <- function(n) if (n == 1) "once" else paste(format_count(as.integer(n)), "times")

bootstrap_lines <- function(solved) {
  if (solved$status != 0L) {
    return(paste0("no validation: ", status_sentence(status_table$word[solved$status + 1L])))
  }
  c(paste0("bootstrap: ", format_count(solved$replicates),
    " resamples, drawn within response classes, the model fitted again in each"),
    refit_line(solved), slope_line(solved),
    if (solved$slope_penalised > 0) paste0("calibration slope of a resample infinite and replaced by Firth's ",
      times(solved$slope_penalised)),
    if (solved$left_out_used < solved$replicates) paste0("resamples that left out both classes, for .632+: ",
      format_count(solved$left_out_used)))
}

# A model that is nearly constant in some resamples has a slope without bounds there, and the mean hangs on these.
slope_line <- function(solved) {
  error <- solved$simulation_error[match("slope", resampled_measures)]
  if (is.finite(error) && error > 0.05) {
    paste0("the corrected slope hangs on a few resamples in which the model is nearly constant (Monte Carlo standard error ",
      formatC(error, digits = 2, format = "f"), "): do not build on it")
  }
}

refit_line <- function(solved) {
  said <- c(
    if (solved$penalised > 0) paste0("separated ", times(solved$penalised),
      " (refitted by Firth's penalised likelihood with FLIC)"),
    if (solved$aliased > 0) paste0("had columns that depend on each other ", times(solved$aliased)),
    if (solved$failed > 0) paste0("could not be fitted ", times(solved$failed), " (left out)")
  )
  if (length(said)) paste("the refitted model", paste(said, collapse = ", "))
}

fold_lines <- function(solved, words) {
  if (solved$status != 0L) {
    return(paste0("no validation: ", status_sentence(status_table$word[solved$status + 1L])))
  }
  c(paste0("cross-validation: ", solved$folds, " folds stratified by response, ", times(solved$replicates),
    ", the model fitted again in each",
    if (solved$folds < words$folds) paste0("; not ", words$folds, " folds, so that each holds both classes")),
    refit_line(solved))
}
