# The table of a screen as a paper prints it: one line a predictor or level.

screen_columns <- function(x) {
  settings <- attr(x, "settings")
  cells <- attr(x, "description")
  lines <- screen_lines(x, cells)
  head <- function(k) paste0(settings$class_labels[k], " (n = ", settings$counts[k], ")")
  at <- function(model, term, level) {
    match(paste(model, term, level, sep = "\r"), paste(x$model, x$term, x$level, sep = "\r"))
  }
  cell <- match(paste(lines$term, lines$cell), paste(cells$term, cells$level))
  odds <- function(model) odds_text(x, at(model, lines$term, lines$row))
  p <- function(model) {
    out <- format_p(x$p_value[at(model, lines$term, lines$row)])
    ifelse(out == no_value, "", out)
  }
  described <- format_p(x$p_value[at("description", lines$term, NA)])
  described[!lines$first] <- ""
  own_n <- if (!settings$same_patients) format_count(x$n[at("univariable", lines$term, lines$row)])
  has_full <- any(x$model == "multivariable")
  c(
    list(term = table_column("predictor", lines$label, FALSE)),
    if (length(cells)) list(others = table_column(head(1), empty_if_na(cells$others[cell])),
      event = table_column(head(2), empty_if_na(cells$event[cell])), p = table_column("p", described)),
    if (!is.null(own_n)) list(n = table_column("n", own_n)),
    list(odds = table_column("odds ratio", odds("univariable")), p_odds = table_column("p", p("univariable"))),
    if (has_full) list(adjusted = table_column("adjusted odds ratio", odds("multivariable")),
      p_adjusted = table_column("p", p("multivariable")))
  )
}

empty_if_na <- function(x) ifelse(is.na(x), "", x)

# label: what is printed; cell, row: levels in the description and in the rows.
screen_lines <- function(x, cells) {
  terms <- levels(droplevels(x$term))
  out <- lapply(terms, function(term) {
    shown <- x[x$term == term & x$model != "description", ]
    levels <- cells$level[cells$term == term]
    if (length(levels) == 1L && is.na(levels)) {
      rows <- unique(as.character(shown$level))
      step <- grepl("^per ", rows)
      label <- ifelse(is.na(rows), term, ifelse(step, paste0(term, ", ", rows), paste0("  ", rows)))
      return(data.frame(term = term, label = label, cell = c(NA, rep("\r", length(rows) - 1L)), row = rows,
        first = seq_along(rows) == 1L))
    }
    reference <- setdiff(levels, as.character(shown$level))
    data.frame(term = term, label = c(term, paste0("  ", levels)), cell = c("\r", levels),
      row = c(NA, ifelse(levels %in% reference, "\r", levels)), first = c(TRUE, rep(FALSE, length(levels))))
  })
  do.call(rbind, out)
}

odds_text <- function(x, at) {
  value <- function(name) x[[name]][at]
  text <- function(v) formatC(signif(v, 3), digits = 3, format = "fg", flag = "#")
  clean <- function(v) {
    out <- sub("\\.$", "", trimws(text(v)))
    out[is.infinite(v)] <- "Inf"
    out[!is.na(v) & v != 0 & v < 1e-4] <- "<0.0001"
    out[!is.na(v) & is.finite(v) & v >= 1e5] <- formatC(v[!is.na(v) & is.finite(v) & v >= 1e5], digits = 2, format = "g")
    out[!is.na(v) & v == 0] <- "0"
    out
  }
  out <- paste0(clean(value("estimate")), " (", clean(value("conf_low")), " to ", clean(value("conf_high")), ")")
  status <- as.character(value("status"))
  out[is.na(value("estimate"))] <- ""
  broken <- !is.na(status) & status != "ok" & is.na(value("estimate")) & !is.na(x$level[at])
  out[broken] <- status[broken]
  out
}

#' @export
format.respondr_screen <- function(x, ..., width = getOption("width")) {
  if (inherits(x, "respondr_scan") || !is_whole_result(x) || is.null(attr(x, "description")) || !nrow(x)) {
    return(NextMethod())
  }
  c(
    result_header(x, width), "",
    table_lines(screen_columns(x), width, lead = 1L),
    wrapped(screen_legend(x), width), screen_bootstrap_lines(attr(x, "bootstrap"), width)
  )
}

screen_legend <- function(x) {
  settings <- attr(x, "settings")
  described <- x[x$model == "description", ]
  how <- ifelse(described$distribution %in% "monte_carlo", " (Monte Carlo)", "")
  methods <- unique(paste0(described$method, how))
  c("", paste0(
    "By response: median (quartiles) or n (%), p by ", paste(methods, collapse = " and "), ". Odds ratios with ",
    format_level(settings$conf_level), " intervals (", paste(unique(stats::na.omit(as.character(x$conf_method[x$model != "description"]))),
      collapse = ", "), "); the line of a factor holds the joint test of its levels."
  ))
}

#' @exportS3Method knitr::knit_print
knit_print.respondr_screen <- function(x, options = NULL, ...) {
  if (inherits(x, "respondr_scan") || is.null(attr(x, "description")) || !nrow(x)) {
    return(NextMethod())
  }
  columns <- screen_columns(x)
  columns$term$text <- sub("^  ", "- ", columns$term$text)
  caption <- paste0(result_title(x), ".")
  knit_table(columns, caption, c(attr(x, "settings")$lines, screen_legend(x)[-1]), knit_target())
}
