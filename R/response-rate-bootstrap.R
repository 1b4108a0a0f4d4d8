# Bootstrap intervals of the adjusted differences and ratios of response_rate().

# The rows of a variance with percentile and with basic limits instead.
response_bootstrap_rows <- function(rows, word, fit, arm, words, problem, call) {
  limits <- response_bootstrap(fit, arm, words, problem, call)
  m <- length(rows$estimate)
  known <- !is.na(rows$estimate)
  at <- match(rows$level, limits$level)
  pick <- function(column) {
    ifelse(known, ifelse(grepl("ratio", rows$estimand), limits$ratio[at, column], limits$difference[at, column]), NA_real_)
  }
  of <- function(conf_method, low, high) {
    rows[c("std_error", "conf_low", "conf_high")] <- list(pick(1L), pick(low), pick(high))
    rows$conf_method <- ifelse(is.na(rows$conf_low), NA_character_, conf_method)
    rows[c("statistic", "p_value")] <- list(rep(NA_real_, m))
    rows$p_matches <- rep(NA, m)
    rows$method <- rep(paste(word, conf_method), m)
    rows$status <- ifelse(known, "ok", rows$status)
    rows$note <- ifelse(is.infinite(rows$conf_low) | is.infinite(rows$conf_high), few_replicates_note(), "")
    rows
  }
  list(of("percentile", 2L, 3L), of("basic", 4L, 5L))
}

few_replicates_note <- function() note_sentences[[28]]

response_bootstrap <- function(fit, arm, words, problem, call) {
  patients <- if (!is.null(fit)) response_patients(fit, arm)
  if (is.null(patients)) {
    return(list(level = character(), ratio = matrix(NA_real_, 0L, 5L), difference = matrix(NA_real_, 0L, 5L)))
  }
  answer <- ask_core(response_risk_bootstrap(c(patients$core, list(
    model = match(words$estimator, c("flic", "flac"), 0L), conf_level = words$conf_level, replicates = words$replicates,
    seed = words$seed, problem = problem, threads = words$threads, progress = progress_hook()))), call)
  words$bootstrap$refitted <- c(words$bootstrap$refitted, answer$refitted)
  words$bootstrap$failed <- c(words$bootstrap$failed, answer$failed)
  list(level = patients$level, ratio = answer$ratio, difference = answer$difference)
}

response_bootstrap_line <- function(words) {
  refitted <- words$bootstrap$refitted
  failed <- words$bootstrap$failed
  of <- paste0(" of ", format_count(words$replicates), if (length(refitted) > 1L) paste0(" x ", length(refitted)))
  least <- ceiling(2 / (1 - words$conf_level) - 1e-9) - 1
  c(if (words$replicates) "bootstrap: patients drawn again within each arm; percentile and basic limits",
    if (words$replicates && words$replicates < least) paste("limits at this level need at least", format_count(least),
      "replicates (better 999 or more): with fewer they are infinite"),
    if (any(refitted > 0)) paste0("separated, refitted by Firth with FLIC: ", format_count(sum(refitted)), of,
      " replicates"),
    if (any(failed > 0)) paste0("without an estimate, left out: ", format_count(sum(failed)), of, " replicates"))
}
