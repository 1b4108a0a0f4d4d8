# One sentence a row.

#' Results in words
#'
#' One English sentence for each row: the outcome, the group, the number of pairs, the visits, what happened and by
#' how much, the interval and its level, the p-value and its test, the effect size, and how many patients were left
#' out. Figures and directions only: no sentence calls a result anything.
#'
#' @param x A result, for example of [compare_paired()].
#' @param ... Not used.
#' @return Text, one sentence a row.
#' @examples
#' x <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, by = Treat)
#' report_text(x)
#' @export
report_text <- function(x, ...) {
  UseMethod("report_text")
}

#' @rdname report_text
#' @export
report_text.respondr_paired <- function(x, ...) {
  places <- result_places(x)
  columns <- unclass(as.data.frame(x))
  attr(columns, "row.names") <- NULL
  vapply(seq_len(nrow(x)), function(i) {
    paired_sentence(structure(lapply(columns, `[`, i), settings = attr(x, "settings")), places[i])
  }, "")
}

paired_sentence <- function(one, places) {
  if (one$n_pairs == 0L) {
    return(paste0("No comparison of ", sentence_subject(one), sentence_visits(one), sentence_group(one),
      ": there was no complete pair", sentence_dropped(one), "."))
  }
  parts <- c(
    sentence_estimate(one, places),
    sentence_test(one, places, sentence_unit(one)),
    sentence_effect(one)
  )
  paste0(
    capitalised(sentence_pairs(one)), ", ", sentence_subject(one), " ", sentence_direction(one), sentence_visits(one),
    ": ",
    paste(parts, collapse = "; "), sentence_problem(one), sentence_dropped(one), "."
  )
}

sentence_group <- function(one) {
  by <- attr(one, "settings")$by
  if (!length(by)) {
    return("")
  }
  paste0(" (", paste0(by, " ", vapply(by, function(b) format_text(one[[b]]), ""), collapse = ", "), ")")
}

sentence_pairs <- function(one) {
  unit <- if (identical(attr(one, "settings")$kind, "change")) "patient" else "pair"
  paste0("in ", one$n_pairs, " ", unit, if (one$n_pairs != 1L) "s", sentence_group(one))
}

# Wide columns are named by the visits already: "the measurement rose from Prewt to Postwt".
sentence_subject <- function(one) {
  outcome <- as.character(one$outcome)
  if (outcome == "outcome") {
    return("the outcome")
  }
  if (!is.na(one$level) && outcome == as.character(one$level)) "the measurement" else outcome
}

# What the point estimate says; an estimate equal to no change neither rose nor fell.
sentence_direction <- function(one) {
  none <- if (identical(attr(one, "settings")$scale, "ratio")) 1 else 0
  if (is.na(one$estimate)) {
    return("was compared")
  }
  if (identical(attr(one, "settings")$kind, "change")) {
    return(if (one$estimate > none) "was above 0" else if (one$estimate < none) "was below 0" else "was 0")
  }
  if (one$estimate > none) "rose" else if (one$estimate < none) "fell" else "did not change"
}

sentence_visits <- function(one) {
  if (identical(attr(one, "settings")$kind, "change") || is.na(one$level) || is.na(one$reference)) {
    return("")
  }
  visits <- c(as.character(one$reference), as.character(one$level))
  numbers <- !anyNA(suppressWarnings(as.numeric(visits)))
  paste0(" from ", if (numbers) "visit ", visits[1], " to ", if (numbers) "visit ", visits[2])
}

sentence_unit <- function(one) if (attr(one, "settings")$scale %in% c("log_percent", "symmetric_percent")) "%" else ""

sentence_estimate <- function(one, places) {
  value <- format_places(one$estimate, places)
  unit <- sentence_unit(one)
  paste0(as.character(one$estimand), " ", if (is.na(one$estimate)) "not available" else paste0(value, unit),
    sentence_interval(one, places, unit))
}

sentence_interval <- function(one, places, unit) {
  low <- one$conf_low
  high <- one$conf_high
  if (is.na(low) && is.na(high)) {
    return(", no confidence interval")
  }
  level <- format_level(one$conf_level)
  if (is.infinite(low) && is.infinite(high)) {
    return(paste0(" (the ", level, " confidence interval has no finite limit)"))
  }
  paste0(" (", level, " confidence interval ", limits_words(low, high, places, unit), ")")
}

limits_words <- function(low, high, places, unit) {
  if (is.infinite(low) && is.infinite(high)) {
    return("without a finite end")
  }
  ends <- paste0(format_places(c(low, high), places), unit)
  if (is.infinite(low)) {
    paste("up to", ends[2])
  } else if (is.infinite(high)) {
    paste("from", ends[1], "up")
  } else {
    paste(ends[1], "to", ends[2])
  }
}

sentence_test <- function(one, places = NA, unit = "") {
  if (is.na(one$p_value)) {
    return(paste("no p-value from the", method_name(one)))
  }
  p <- paste0(sentence_p(one$p_value), sentence_monte_carlo(one))
  adjusted <- sentence_adjusted(one, attr(one, "settings")$p_adjust, places, unit)
  paste0(p, adjusted, ", ", method_name(one), rate_choices(one), sentence_hypothesis(one))
}

# The adjusted p of a family belongs to its simultaneous limits, not to the interval of the single comparison.
sentence_adjusted <- function(one, how, places = NA, unit = "") {
  if (is.null(one$p_adjusted) || is.na(one$p_adjusted)) {
    return("")
  }
  limits <- if (!is.na(places) && isTRUE(!is.na(one$conf_low_adjusted) && !is.na(one$conf_high_adjusted))) {
    paste("simultaneous limits", limits_words(one$conf_low_adjusted, one$conf_high_adjusted, places, unit))
  }
  about <- c(if (!identical(how, "none")) adjustment_name(how), limits)
  paste0(", adjusted ", sentence_p(one$p_adjusted), if (length(about)) paste0(" (", paste(about, collapse = "; "), ")"))
}

adjustment_name <- function(how) {
  switch(how, max_t = "step-down max-T", mvt = "the multivariate t", family = "the joint distribution of the family", BH = , BY = , fdr = toupper(how), capitalised(how))
}

sentence_p <- function(p) {
  text <- format_p(p)
  if (grepl("^[<>]", text)) paste0("p ", substr(text, 1, 1), " ", substring(text, 2)) else paste("p =", text)
}

sentence_monte_carlo <- function(one) {
  if (is.null(one$p_low) || is.na(one$p_low)) {
    return("")
  }
  ends <- formatC(c(one$p_low, one$p_high), digits = 4, format = "f")
  paste0(" (99% Monte Carlo interval ", ends[1], " to ", ends[2], ")")
}

sentence_hypothesis <- function(one) {
  alternative <- as.character(one$alternative)
  if (alternative == "equivalence") {
    return(paste0(" for equivalence within ", format_number(one$margin_low), " to ", format_number(one$margin_high)))
  }
  none <- if (identical(attr(one, "settings")$scale, "ratio")) 1 else 0
  null <- if (one$null_value != none) paste0(" of a ", one$estimand, " of ", format_number(one$null_value))
  side <- c(two.sided = "", less = ", one-sided (less)", greater = ", one-sided (greater)")[[alternative]]
  paste0(null, side)
}

sentence_effect <- function(one) {
  if (is.null(one$effect) || is.na(one$effect)) {
    return(NULL)
  }
  places <- effect_places(one$effect)
  value <- format_places(one$effect, places)
  limits <- format_places(c(one$effect_low, one$effect_high), places)
  paste0(effect_words(one$effect_name), " ", value,
    if (!is.na(one$effect_low) && !is.na(one$effect_high)) paste0(" (", limits[1], " to ", limits[2], ")"))
}

effect_words <- function(name) {
  name <- as.character(name)
  known <- c(rank_biserial = "matched rank-biserial correlation", prob_superiority = "probability of superiority")
  if (name %in% names(known)) known[[name]] else paste("effect size", name)
}

# The status in words, where it is not ok, and the notes.
sentence_problem <- function(one) {
  status <- as.character(one$status)
  note <- if (is.null(one$note)) "" else as.character(one$note)
  words <- unique(c(if (status != "ok") status_sentence(status), if (nzchar(note)) strsplit(note, "; ", fixed = TRUE)[[1]]))
  if (length(words)) paste0("; ", words, collapse = "") else ""
}

sentence_dropped <- function(one) {
  n <- one$n_dropped
  if (is.na(n) || n == 0L) {
    return("")
  }
  why <- if (attr(one, "settings")$scale == "difference") "without both values" else "without two values on this scale"
  paste0("; ", n, if (n == 1L) paste0(" patient ", why, " was") else paste0(" patients ", why, " were"), " left out")
}
