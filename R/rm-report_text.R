# Repeated measures in words: one sentence a row.

#' @rdname report_text
#' @export
report_text.respondr_rm_anova <- function(x, ...) {
  rm_sentences(x, anova_sentence)
}

#' @rdname report_text
#' @export
report_text.respondr_rm_friedman <- function(x, ...) {
  rm_sentences(x, anova_sentence)
}

#' @rdname report_text
#' @export
report_text.respondr_rm_contrasts <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) contrast_sentence(row_list(x, i), places[i], settings), "")
}

row_list <- function(x, i) {
  columns <- unclass(as.data.frame(x))
  attr(columns, "row.names") <- NULL
  lapply(columns, `[`, i)
}

rm_sentences <- function(x, sentence) {
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) sentence(row_list(x, i), settings), "")
}

rm_where <- function(one, settings) {
  by <- settings$by
  paste0(if (as.character(one$outcome) %in% c("outcome", "figures")) "the outcome" else as.character(one$outcome),
    if (length(by)) paste0(" (", paste0(by, " ", vapply(by, function(b) format_text(one[[b]]), ""), collapse = ", "), ")"))
}

rm_method_words <- c(
  anova = "sphericity assumed", greenhouse_geisser = "Greenhouse-Geisser", huynh_feldt = "Huynh-Feldt",
  huynh_feldt_lecoutre = "Huynh-Feldt, Lecoutre's correction", lower_bound = "lower bound", pillai = "Pillai's trace",
  wilks = "Wilks' lambda", hotelling_lawley = "Hotelling-Lawley trace", roy = "Roy's largest root",
  friedman = "Friedman's test", iman_davenport = "Iman-Davenport test", quade = "Quade's test", page = "Page's trend test",
  skillings_mack = "Skillings-Mack test", reml = "mixed model, REML", ml = "mixed model, maximum likelihood",
  t = "own error of the contrast", t_pooled = "pooled error", t_pairs = "paired t-test of the two visits"
)

rm_method_name <- function(method, settings = NULL) {
  method <- as.character(method)
  name <- (settings$method_words %||% rm_method_words)[method]
  if (is.na(name)) gsub("_", " ", method) else unname(name)
}

anova_sentence <- function(one, settings) {
  dropped <- if (!is.null(one$n_dropped) && !is.na(one$n_dropped) && one$n_dropped > 0) {
    paste0("; ", one$n_dropped, if (one$n_dropped == 1) " patient was" else " patients were", " left out")
  }
  who <- paste0("In ", one$n, if (one$n == 1) " patient" else " patients", ", ", rm_where(one, settings), ", ", one$term)
  if (is.na(one$p_value)) {
    return(paste0(who, ": no test (", rm_method_name(one$method, settings), "; ", status_sentence(as.character(one$status)), ")",
      dropped, "."))
  }
  statistic <- if (!is.null(one$df_denominator) && !is.na(one$df_denominator)) {
    paste0("F(", format_statistic(one$df), ", ", format_statistic(one$df_denominator), ") = ", format_statistic(one$statistic))
  } else {
    paste0("statistic ", format_statistic(one$statistic), if (!is.na(one$df)) paste0(" on ", format_statistic(one$df), " df"))
  }
  effect <- if (!is.null(one$effect) && !is.na(one$effect)) {
    paste0("; ", one$effect_name, " ", format_effect(one$effect), if (!is.na(one$effect_low %||% NA)) paste0(" (",
      format_level(one$conf_level %||% settings$conf_level), " interval ", format_effect(one$effect_low), " to ",
      format_effect(one$effect_high), ")"))
  }
  paste0(who, ": ", statistic, ", ", sentence_p(one$p_value), " (", rm_method_name(one$method, settings), ")", effect, dropped, ".")
}

contrast_sentence <- function(one, places, settings) {
  subject <- paste0("For ", rm_where(one, settings), if (!is.null(one$contrast)) paste0(", ", one$contrast))
  if (is.na(one$estimate)) {
    return(paste0(subject, ": no estimate (", status_sentence(as.character(one$status)), ")."))
  }
  value <- paste0(one$estimand, " ", format_places(one$estimate, places))
  interval <- if (!is.na(one$conf_low)) paste0(" (", format_level(one$conf_level), " confidence interval ",
    format_places(one$conf_low, places), " to ", format_places(one$conf_high, places), ")")
  p <- if (!is.na(one$p_value)) paste0("; ", sentence_p(one$p_value))
  adjusted <- sentence_adjusted(one, settings$p_adjust, places)
  paste0(subject, ": ", value, interval, p, adjusted, " (", rm_method_name(one$method, settings), "; ", one$n,
    if (one$n == 1) " patient)." else " patients).")
}
