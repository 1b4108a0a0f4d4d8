# Which audit a row of a table belongs to, and the rows without arms.

# Empty cells are missing.
cell_text <- function(x) {
  if (is.factor(x)) x <- as.character(x)
  if (is.character(x)) x[!nzchar(trimws(x))] <- NA
  x
}

table_tests <- function(tests, call) {
  known <- c("counts", "means", "paired", "rm")
  odd <- setdiff(names(tests), known)
  if (!is.list(tests) || length(odd) || (length(tests) && is.null(names(tests)))) {
    stop_input("argument", c("`tests` must be a list with `counts`, `means`, `paired` or `rm`.",
      i = "For example `list(counts = \"fisher\", means = \"welch\")`."), "tests", call)
  }
  list(counts = tests$counts %||% "all",
    means = unname(mean_test_words[check_words(tests$means %||% c("student", "welch"), names(mean_test_words), "tests$means",
      call)]),
    paired = check_words(tests$paired %||% "t", c("t", "signed_rank"), "tests$paired", call),
    rm_named = !is.null(tests$rm),
    rm = check_words(tests$rm %||% c("rm_anova", "greenhouse_geisser"), c("rm_anova", "greenhouse_geisser"), "tests$rm", call))
}

# The analysis of variance of two arms is Student's t-test.
mean_test_words <- c(student = "student", welch = "welch", anova = "student", welch_anova = "welch", mann_whitney = "mann_whitney",
  kruskal_wallis = "kruskal_wallis")

row_sides <- function(data, alternative, call) {
  side <- as.character(data$alternative %||% rep(NA, nrow(data)))
  side[is.na(side)] <- alternative
  for (one in unique(side)) check_side(one, call)
  side
}

# Visits of repeated measures: k of which both mean_k and sd_k are columns.
table_visits <- function(data) {
  visits <- sort(as.integer(sub("mean_", "", grep("^mean_[0-9]+$", names(data), value = TRUE))))
  visits[paste0("sd_", visits) %in% names(data)]
}

row_kinds <- function(data, call) {
  has <- function(...) {
    names <- c(...)
    if (!all(names %in% names(data))) {
      return(rep(FALSE, nrow(data)))
    }
    Reduce(`&`, lapply(data[names], function(x) !is.na(x)))
  }
  kind <- rep(NA_character_, nrow(data))
  kind[has("r", "n")] <- "correlation"
  kind[has("count", "n", "percent")] <- "percent"
  kind[has("estimate", "low", "high")] <- "odds"
  visits <- table_visits(data)
  if (length(visits) > 1L) kind[has("n", paste0("mean_", visits[1:2]), paste0("sd_", visits[1:2]))] <- "rm"
  kind[has("n", "mean_before", "sd_before", "mean_after", "sd_after")] <- "paired"
  kind[has("variable", "statistic")] <- "arms"
  if (anyNA(kind)) {
    stop_input("data", c(paste0("Row ", which(is.na(kind))[1], " of `data` holds no figures that are known."),
      i = "See the help of `audit_table()` for the columns a row needs."), "data", call)
  }
  kind
}

row_labels <- function(data, columns) {
  columns <- intersect(columns, names(data))
  vapply(seq_len(nrow(data)), function(i) {
    cells <- vapply(data[columns], function(x) as.character(x[i]), "")
    months <- columns == "month" & !is.na(cells)
    cells[months] <- paste("month", cells[months])
    paste(cells[!is.na(cells)], collapse = " ")
  }, "")
}

other_rows <- function(data, kind, tests, call) {
  audits <- list(
    paired = function(x, item) {
      audit_paired(x$n, x$mean_before, x$sd_before, x$mean_after, x$sd_after, p = x$p_value, change = x$change,
        sd_change = x$sd_change, test = tests$paired, alternative = x$alternative[1], item = item)
    },
    rm = function(x, item) rm_table_rows(x, item, tests$rm, tests$rm_named, call),
    odds = function(x, item) {
      scale <- x$scale[1] %||% "log"
      df <- if (is.null(x$df)) rep(if (scale == "identity") NA else Inf, nrow(x)) else suppressWarnings(as.double(x$df))
      audit_odds(x$estimate, x$low, x$high, x$p_value %||% NA, scale = scale, df = df,
        alternative = x$alternative[1], item = item)
    },
    correlation = function(x, item) {
      audit_correlation(x$r, x$n, p = x$p_value, alternative = x$alternative[1], item = item)
    },
    percent = function(x, item) audit_percent(as.double(x$count), as.double(x$n), x$percent, item = item)
  )
  data$scale <- if (!is.null(data$scale)) ifelse(is.na(data$scale), "log", as.character(data$scale))
  labels <- row_labels(data, c("item", "phenotype", "parameter", "variable", "level", "month"))
  lapply(stats::setNames(nm = names(audits)), function(word) {
    rows <- which(kind == word)
    if (!length(rows)) return(NULL)
    same <- split(rows, list(data$alternative[rows], data$scale[rows] %||% rep("", length(rows))), drop = TRUE)
    parts <- lapply(unname(same), function(i) audits[[word]](data[i, , drop = FALSE], as.character(i)))
    out <- do.call(rbind, parts)
    at <- as.integer(out$item)
    out$item <- labels[at]
    out[order(at), , drop = FALSE]
  })
}

# Rows of one call have the same visits.
rm_table_rows <- function(x, item, tests, named, call) {
  if (any(x$alternative != "two.sided")) {
    stop_input("word", "The F of repeated measures has no side.", "alternative", call)
  }
  visits <- table_visits(x)
  measured <- vapply(visits, function(k) !is.na(x[[paste0("mean_", k)]]) & !is.na(x[[paste0("sd_", k)]]), logical(nrow(x)))
  measured <- matrix(measured, nrow(x))
  pattern <- apply(measured, 1L, function(m) paste(which(m), collapse = " "))
  parts <- lapply(split(seq_len(nrow(x)), pattern), function(i) {
    k <- visits[measured[i[1], ]]
    f <- x$f[i] %||% rep(NA_character_, length(i))
    audit_rm(x$n[i], as.list(x[i, paste0("mean_", k)]), as.list(x[i, paste0("sd_", k)]), f = f, p = x$p_value[i],
      test = tests, item = item[i])
  })
  out <- do.call(rbind, unname(parts))
  if (!named) {  # where the paper names no test, the corrected P counts only if the other does not come back
    p <- out$check == "P of the printed F"
    good <- p & out$verdict %in% audit_verdicts[1:2]
    chosen <- vapply(seq_len(nrow(out)), function(i) {
      mine <- which(p & out$item == out$item[i])
      !p[i] || i == c(intersect(mine, which(good)), mine)[1]
    }, NA)
    out <- out[chosen, , drop = FALSE]
  }
  out
}
