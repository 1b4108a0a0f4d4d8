# A screen in words: one sentence a predictor.

#' @rdname report_text
#' @export
report_text.respondr_screen <- function(x, ...) {
  if (inherits(x, "respondr_scan")) {
    return(vapply(seq_len(nrow(x)), function(i) scan_sentence(row_list(x, i)), ""))
  }
  terms <- levels(droplevels(x$term))
  vapply(terms, function(term) screen_sentence(x[x$term == term, ], term), "", USE.NAMES = FALSE)
}

screen_sentence <- function(rows, term) {
  parts <- lapply(c("univariable", "multivariable"), function(model) {
    own <- rows[rows$model == model, ]
    if (!nrow(own)) {
      return(NULL)
    }
    words <- vapply(which(!is.na(own$estimate)), function(i) odds_words(own, i), "")
    joint <- own[is.na(own$estimate) & !is.na(own$p_value), ]
    none <- !length(words) && !nrow(joint)
    paste0(if (model == "univariable") "alone " else "with the others ",
      if (none) paste0("no estimate (", status_sentence(own$status[1]), ")"),
      paste(c(words, if (nrow(joint)) paste0("all levels ", sentence_p(joint$p_value[1]))), collapse = "; "))
  })
  paste0(term, ": odds ratio ", paste(unlist(parts), collapse = "; "), ".")
}

odds_words <- function(rows, i) {
  level <- as.character(rows$level[i])
  who <- if (is.na(level)) "" else if (is.na(rows$reference[i])) paste0(level, " ") else
    paste0(level, " v ", rows$reference[i], " ")
  text <- odds_text(rows, i)
  paste0(who, sub(" (", paste0(" (", format_level(rows$conf_level[i]), " CI "), text, fixed = TRUE), ", ", sentence_p(rows$p_value[i]))
}

scan_sentence <- function(one) {
  if (is.na(one$p_value)) {
    return(paste0(one$term, ": no estimate; ", status_sentence(one$status), "."))
  }
  paste0(one$term, ": ", one$estimand, " ", format_places(one$estimate, 3L), " (", format_level(one$conf_level), " CI ",
    format_places(one$conf_low, 3L), " to ", format_places(one$conf_high, 3L), "), ", sentence_p(one$p_value), " in ", one$n,
    " patients", if (one$method == "firth") ", by Firth's method", ".")
}
