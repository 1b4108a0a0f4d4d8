# The column of P values as one: does another order explain more rows, and does a figure stand in the wrong place.

order_kinds <- c("printed", "exchanged", "moved_down", "moved_up", "other")

order_of_p <- function(candidates, replicates, seed, call) {
  candidates <- Filter(function(x) !is.na(unclass(x$p)$value), candidates)
  if (length(candidates) < 2L) {
    return(NULL)
  }
  items <- vapply(candidates, `[[`, "", "item")
  text <- vapply(candidates, function(x) as.character(x$p), "")
  fits <- outer(seq_along(items), seq_along(items), Vectorize(function(i, j) {
    p <- unclass(candidates[[j]]$p)
    slack <- 1e-11 * candidates[[i]]$high
    any(candidates[[i]]$low <= p$high + slack & candidates[[i]]$high >= p$low - slack)
  }))
  storage.mode(fits) <- "integer"
  found <- ask_core(audit_order_solve(fits, list(seed = seed, replicates = replicates)), call)
  found$kind <- order_kinds[found$kind + 1L]
  found$at <- found$at + 1L
  c(found, list(items = items, text = text, fits = fits == 1L, elsewhere = p_elsewhere(candidates, diag(fits) == 1L)))
}

# Printed P values that their own row does not give back and that print like another figure: a test statistic of any row,
# or the P
# of another row. A figure that its row leaves wide open (by more than a twentieth) is like many, and is not named.
narrow <- function(low, high) high - low <= 0.05 * high

p_elsewhere <- function(candidates, own) {
  rows <- lapply(which(!own), function(j) {
    p <- unclass(candidates[[j]]$p)
    if (p$bound != "=") {
      return(NULL)
    }
    do.call(rbind, lapply(seq_along(candidates), function(i) {
      x <- candidates[[i]]
      p_low <- x$low[narrow(x$low, x$high)]
      p_high <- x$high[narrow(x$low, x$high)]
      statistic <- length(x$statistic) == 2L && narrow(x$statistic[1], x$statistic[2]) && x$statistic[1] <= p$high &&
        x$statistic[2] >= p$low
      at <- c(if (statistic) paste("the statistic", x$name), if (i != j && any(p_low <= p$high & p_high >= p$low)) "the P")
      if (length(at)) quick_frame(list(item = rep(candidates[[j]]$item, length(at)),
        printed = rep(as.character(candidates[[j]]$p), length(at)),
        like = at, of = rep(x$item, length(at))))
    }))
  })
  do.call(rbind, rows)
}

order_lines <- function(order) {
  if (is.null(order)) {
    return(NULL)
  }
  n <- length(order$items)
  lines <- paste0("Of ", n, " P values that can be judged, ", order$printed, if (order$printed == 1L) " comes" else " come",
    " back from ", if (order$printed == 1L) "its row." else "their rows.")
  if (order$explained > order$printed) {
    first <- if (!is.na(order$first)) order$items[order$first + 1L]
    last <- if (!is.na(order$last)) order$items[order$last + 1L]
    what <- switch(order$kind,
      exchanged = paste0("With the P values of ", first, " and ", last, " exchanged, "),
      moved_down = paste0("With the P values from ", first, " to ", last,
        " moved one row down (the last going to the top), "),
      moved_up = paste0("With the P values from ", first, " to ", last,
        " moved one row up (the first going to the bottom), "),
      paste0("In the order ", paste(order$text[order$at], collapse = ", "), " "))
    lines <- c(lines, paste0(what, order$explained, " do; a random order of the ",
      n - order$printed, " P values that do not come back as printed gains as much with chance ",
        format_p(order$chance_rest),
      ", one of the whole column explains as many rows with chance ", format_p(order$chance), if (!order$exact) " (drawn)",
        "."))
  } else {
    lines <- c(lines, "No exchange, shift or other order of the column explains clearly more.")
  }
  e <- order$elsewhere
  c(lines, if (!is.null(e)) paste0(e$printed, " (printed for ", e$item, ") prints like ", e$like, " of ", e$of, "."))
}

#' Print and plot the audit of a table
#'
#' @param x An audit by [audit_table()].
#' @param sort `"table"`: as the rows stand; `"worst"`: the gravest verdict first.
#' @param all Print also what is consistent?
#' @param which `"p"`: the range of P that each row allows, with the printed P; `"correlation"`: implied correlations of
#'   rows with before and after. By default the first that the table has.
#' @param object An audit by [audit_table()].
#' @param width,max_items,... As [print.respondr_audit()].
#' @return `print()` and `plot()` give `x` invisibly, `format()` the lines as text, `autoplot()` a ggplot.
#' @export
print.respondr_audit_table <- function(x, ..., sort = "table", all = FALSE, max_items = 50L, width = getOption("width")) {
  cat(format(x, sort = sort, all = all, max_items = max_items, width = width), sep = "\n")
  invisible(x)
}

#' @rdname print.respondr_audit_table
#' @export
format.respondr_audit_table <- function(x, ..., sort = "table", all = FALSE, max_items = 50L, width = getOption("width")) {
  check_word(sort, c("table", "worst"), "sort", sys.call())
  check_flag(all, "all", sys.call())
  full <- as_audit(bare_frame(x))
  shown <- if (all) full else full[!full$verdict %in% "consistent" & !is.na(full$verdict), , drop = FALSE]
  if (sort == "worst") shown <- shown[order(-as.integer(shown$verdict)), , drop = FALSE]
  counts <- table(full$verdict)
  counts <- counts[counts > 0]
  head <- paste0("Audit of a table: ", nrow(full), if (nrow(full) == 1L) " check of " else " checks of ",
    length(unique(full$item)), if (length(unique(full$item)) == 1L) " item; " else " items; ", paste(counts,
    names(counts), collapse = ", "), ".",
    if (isTRUE(attr(x, "empty") > 0)) paste0(" Left out: ", attr(x, "empty"), " empty row",
      if (attr(x, "empty") > 1) "s", "."))
  body <- if (nrow(shown)) format.respondr_audit(shown, max_items = max_items, width = width)
  lines <- order_lines(attr(x, "order"))
  hidden <- nrow(full) - nrow(shown)
  arms <- attr(x, "arms")
  c(strwrap(head, width), if (!is.null(arms)) strwrap(arms, width, exdent = 2),
    body[-seq_len(max(1L, match("", body, nomatch = 1L) - 1L))],
    if (length(lines)) c("", "The column of P values", strwrap(lines, width, indent = 2, exdent = 4)),
    if (hidden > 0) c("", strwrap(paste0(hidden, if (hidden == 1) " consistent check is" else " consistent checks are",
      " not shown; print(x, all = TRUE) shows ", if (hidden == 1) "it." else "them."),
      width)))
}

#' @export
`[.respondr_audit_table` <- function(x, ...) {
  out <- NextMethod()
  if (is.data.frame(out)) class(out) <- setdiff(class(out), "respondr_audit_table")
  out
}

plain_label <- function(x) gsub("_", " ", x, fixed = TRUE)

#' @rdname knit_print.respondr
#' @exportS3Method knitr::knit_print
knit_print.respondr_audit_table <- function(x, options = NULL, ...) {
  names <- c("item", "check", "printed", "recomputed", "verdict")
  columns <- lapply(stats::setNames(names, names), function(name) {
    text <- as.character(x[[name]])
    if (name %in% c("item", "check")) text <- plain_label(text)
    if (name == "item") text[-1][text[-1] == text[-length(text)]] <- ""
    table_column(name, ifelse(is.na(text), "", text), FALSE)
  })
  remedies <- paste0(plain_label(x$item), ", ", plain_label(x$check), ": ", x$remedy)[!is.na(x$remedy)]
  knit_table(columns, "Audit of printed figures.", c(remedies, plain_label(order_lines(attr(x, "order")))),
    knit_target())
}

#' @rdname report_text
#' @export
report_text.respondr_audit_table <- function(x, ...) {
  c(report_text.respondr_audit(x), plain_label(order_lines(attr(x, "order"))))
}
