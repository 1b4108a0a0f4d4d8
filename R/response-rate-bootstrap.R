# Bootstrap intervals of the adjusted differences and ratios of response_rate().

# Below the rows of the delta method the same figures with percentile and with basic limits.
response_bootstrap_rows <- function(rows, fit, arm, words, problem, call) {
  limits <- response_bootstrap(fit, arm, words, problem, call)
  m <- length(rows$estimate)
  known <- !is.na(rows$estimate)
  at <- match(rows$level, limits$level)
  pick <- function(column) {
    ifelse(known, ifelse(grepl("ratio", rows$estimand), limits$ratio[at, column], limits$difference[at, column]), NA_real_)
  }
  of <- function(conf_method, low, high) {
    out <- rows
    out[c("std_error", "conf_low", "conf_high")] <- list(pick(1L), pick(low), pick(high))
    out$conf_method <- ifelse(is.na(out$conf_low), NA_character_, conf_method)
    out[c("statistic", "p_value")] <- list(rep(NA_real_, m))
    out$p_matches <- rep(NA, m)
    out$method <- paste(rows$method, conf_method)
    out
  }
  parts <- list(rows, of("percentile", 2L, 3L), of("basic", 4L, 5L))
  # The three intervals of a figure stand together.
  order <- order(rep(seq_len(m), 3L), rep(1:3, each = m))
  lapply(stats::setNames(names(rows), names(rows)), function(name) unlist(lapply(parts, `[[`, name))[order])
}

# The patients are sorted by what the model knows of them, so that their order in `data` does not matter.
response_bootstrap <- function(fit, arm, words, problem, call) {
  none <- list(level = character(), ratio = matrix(NA_real_, 0L, 5L), difference = matrix(NA_real_, 0L, 5L))
  if (is.null(fit)) {
    return(none)
  }
  x <- unname(fit$input$x)
  arm <- arm[fit$input$rows]
  present <- levels(droplevels(arm))
  if (length(present) < 2L || present[1] != levels(arm)[1]) {
    return(none)
  }
  code <- match(as.character(arm), present)
  sorted <- do.call(order, c(list(code, fit$input$y), lapply(seq_len(ncol(x)), function(j) x[, j])))
  own <- which(fit$input$assign == 1L)
  answer <- ask_core(response_risk_bootstrap(list(x = x[sorted, , drop = FALSE], y = as.double(fit$input$y[sorted]),
    arm = code[sorted], code = x[match(seq_along(present), code), own, drop = FALSE], first = own[1] - 1L,
    model = match(words$estimator, c("flic", "flac"), 0L), conf_level = words$conf_level, replicates = words$replicates,
    seed = words$seed, problem = problem, threads = words$threads, progress = progress_hook())), call)
  words$bootstrap$refitted <- c(words$bootstrap$refitted, answer$refitted)
  words$bootstrap$failed <- c(words$bootstrap$failed, answer$failed)
  list(level = present[-1], ratio = answer$ratio, difference = answer$difference)
}

response_bootstrap_line <- function(words) {
  refitted <- words$bootstrap$refitted
  failed <- words$bootstrap$failed
  of <- paste0(" of ", format_count(words$replicates), if (length(refitted) > 1L) paste0(" x ", length(refitted)))
  c(if (words$replicates) "bootstrap: patients drawn again within each arm; percentile and basic limits",
    if (any(refitted > 0)) paste0("separated, refitted by Firth with FLIC: ", format_count(sum(refitted)), of,
      " replicates"),
    if (any(failed > 0)) paste0("without an estimate, left out: ", format_count(sum(failed)), of, " replicates"))
}
