# Rows of a table that hold arms: how papers write them, which columns and patients they are about, and the audit of counts.

# Where the P of a table stands.
p_heads <- c("p", "p-value", "p value", "p.value", "pvalue", "p_val", "p val", "p-wert")

# A row above the levels of a variable, with the name and perhaps the P alone, gives these to them; levels without a name have
# that of the row above.
tidy_arm_rows <- function(data, arms) {
  if (is.null(data$variable) || is.null(data$statistic)) {
    return(data)
  }
  named <- which(!is.na(data$variable))
  blank <- is.na(data$variable) & !is.na(data$level %||% NA)
  above <- findInterval(which(blank), named)
  data$variable[which(blank)[above > 0L]] <- data$variable[named[above]]
  arms <- arms %||% table_arms(data)
  bare <- Reduce(`&`, lapply(data[intersect(arms, names(data))], function(x) is.na(plain_cell(x)))) %||% rep(FALSE, nrow(data))
  run <- cumsum(c(TRUE, data$variable[-1] != data$variable[-nrow(data)] | is.na(data$variable[-1])))
  title <- bare & !is.na(data$variable) & is.na(data$level %||% NA) & run %in% run[duplicated(run)] & !duplicated(run)
  for (i in which(title)) {
    others <- setdiff(which(run == run[i]), i)
    if (!is.null(data$p_value) && all(is.na(data$p_value[others]))) data$p_value[others[1]] <- data$p_value[i]
  }
  is_n <- tolower(data$variable) %in% "n" & is.na(data$statistic)
  data$statistic[is_n] <- "count"
  data[!title, , drop = FALSE]
}

# Columns with a figure in some cell; a column of words alone is no arm.
table_arms <- function(data) {
  other <- names(data) %in% c("r", "f", "change") | grepl("^(mean|sd)_[0-9]+$", names(data))
  filled <- vapply(data, function(x) any(!is.na(x)), NA)
  arms <- setdiff(names(data)[!other | filled], table_known)
  words <- vapply(data[arms], function(x) {
    x <- plain_cell(x)
    any(!is.na(x)) && !any(grepl("^[^A-Za-z]*[0-9]", x[!is.na(x)]) | grepl("^[nN]\\s*=", x[!is.na(x)]))
  }, NA)
  arms[!words]
}

# Patients of each arm: given, of the row `n`, or of the head of the column ("Drug (n = 41)").
arm_sizes <- function(data, arms, n, call) {
  if (!is.null(n) && !is.null(names(n))) {
    if (!all(arms %in% names(n))) {
      stop_input("counts", paste0("`n` names ", quoted(names(n), 8), ", and the arms are ", quoted(arms, 8), "."), "n", call)
    }
    n <- n[arms]
  }
  first_number <- function(x) suppressWarnings(as.double(sub("^([0-9]+).*$", "\\1", sub("^[nN]\\s*=\\s*", "", plain_cell(x)))))
  row <- match("n", tolower(data$variable))
  heads <- regmatches(arms, regexec("[nN]\\s*=\\s*([0-9]+)", arms))
  sizes <- if (!is.null(n)) suppressWarnings(as.double(n)) else if (!is.na(row)) {
    vapply(data[row, arms, drop = FALSE], first_number, 0)
  } else vapply(heads, function(x) if (length(x)) as.double(x[2]) else NA_real_, 0)
  if (length(sizes) != length(arms) || anyNA(sizes)) {
    stop_input("counts", c(paste0("The number of patients in each arm is not known; the arms are ", quoted(arms, 8), "."),
      i = "Give `n`, or a row whose `variable` is \"n\"; `arms` names the columns if these are others."), "n", call)
  }
  unname(sizes)
}

# A column named as the whole, or of as many patients as all others together and with their counts added up, is no arm.
total_column <- function(data, arms, sizes) {
  if (length(arms) < 3L) {
    return(integer())
  }
  counted <- data$statistic %in% c("count", "count (%)") & !tolower(data$variable) %in% "n"
  first <- vapply(arms, function(arm) {
    suppressWarnings(as.double(sub("^([0-9]+).*$", "\\1", plain_cell(data[[arm]][counted]))))
  }, numeric(sum(counted)))
  first <- matrix(first, ncol = length(arms))
  adds <- vapply(seq_along(arms), function(j) {
    rest <- rowSums(first[, -j, drop = FALSE])
    sizes[j] == sum(sizes[-j]) && any(!is.na(rest)) && all(first[, j] == rest, na.rm = TRUE)
  }, NA)
  utils::head(which(grepl("^(total|all|overall|whole|entire)\\b", arms, ignore.case = TRUE) | adds), 1L)
}

# A cell as it can be read: plain spaces and signs, decimal points, no marks; what stands for nothing is missing.
plain_cell <- function(x) {
  x <- plain_signs(plain_spaces(x))
  x <- gsub("(?<![0-9.])0,(?=[0-9])", "0.", x, perl = TRUE)
  x <- gsub("(?<=[0-9]),(?=[0-9]{1,2}(?![0-9]))", ".", x, perl = TRUE)
  x <- sub(footnote_mark, "", x)
  x[x %in% no_figure] <- NA
  x
}

# "20 (48.8%)", "27.00 (7.97)", "27.00 \u00b1 7.97 g/L", "27.0 (SD 8.0)", "20/41 (48.8)", "20 of 41 [48.8]", "1 (<1%)", "41"
read_cells <- function(x, argument, call) {
  text <- plain_cell(x)
  text <- chartr("[]", "()", text)
  text <- sub("(?<=[0-9])\\s+of\\s+(?=[0-9])", "/", text, perl = TRUE)
  text <- sub("\\(\\s*(\u00b1|\\+/-|SD:?|SEM?:?)\\s*", "(", text, ignore.case = TRUE)
  text <- sub("\\s*(\u00b1|\\+/-)\\s*", " (", text)
  text <- sub("\\s*\\(\\s*(NA|-|\u2013|\u2014)?\\s*\\)$", "", text)  # a second figure that is not printed
  number <- "[-+]?[0-9]*\\.?[0-9]+"
  form <- paste0("^(", number, ")(?:\\s*/\\s*([0-9]+))?(?:\\s*\\(\\s*([<>]?\\s*", number,
    ")\\s*%?\\s*\\)?)?\\s*%?(?:\\s*[A-Za-z\u00b5][^()]*)?$")
  hit <- regmatches(text, regexec(form, text, perl = TRUE))
  bad <- lengths(hit) == 0L & !is.na(text)
  if (any(bad)) {
    stop_input("figure", c(paste0("Column `", argument, "` holds ", quoted(as.character(x)[bad]), ", which cannot be read."),
      i = "Write cells as \"20 (48.8%)\" or \"27.00 (7.97)\"."), argument, call)
  }
  part <- function(k) vapply(hit, function(h) if (length(h) && nzchar(h[k])) h[k] else NA_character_, "")
  list(first = part(2L), of = part(3L), second = part(4L))
}

# Rows that are judged together: the levels of a variable that is counted, with the one P that is printed for them; every mean,
# and every level with a P of its own, by itself: `judged` are then the percentages of all levels, and one P after the other.
# `among`: all levels.
table_blocks <- function(data) {
  data$p_value <- data$p_value %||% rep(NA_character_, nrow(data))
  if (!nrow(data)) {
    return(list())
  }
  run <- cumsum(c(TRUE, data$variable[-1] != data$variable[-nrow(data)]))
  seen <- character()
  out <- list()
  add <- function(rows, item, judged, among = rows) {
    if (judged == "percentages") rows$p_value <- NA_character_
    out[[length(out) + 1L]] <<- list(rows = rows, item = item, judged = judged, among = among)
  }
  for (k in unique(run)) {
    rows <- data[run == k, , drop = FALSE]
    variable <- rows$variable[1]
    seen <- c(seen, variable)
    times <- sum(seen == variable)
    if (times > 1L) variable <- paste0(variable, " (", times, ")")
    level <- if (is.null(rows$level)) rep(NA_character_, nrow(rows)) else as.character(rows$level)
    label <- ifelse(is.na(level) | nrow(rows) == 1L, variable, paste(variable, level))
    counted <- startsWith(rows$statistic, "count")
    several <- length(unique(rows$p_value[counted & !is.na(rows$p_value)])) > 1L
    if (any(counted)) add(rows[counted, , drop = FALSE], variable, if (several) "percentages" else "all")
    for (i in which(!counted)) add(rows[i, , drop = FALSE], label[i], "all")
    for (i in which(several & counted & !is.na(rows$p_value))) {
      add(rows[i, , drop = FALSE], label[i], "P", rows[counted, , drop = FALSE])
    }
  }
  out
}

audit_arms <- function(data, arms, n, tests, call) {
  arms <- arms %||% table_arms(data)
  missing <- setdiff(arms, names(data))
  if (length(missing) || length(arms) < 2L) {
    stop_input("column", c("`arms` must name the columns of two or more arms.", i = paste0("Columns: ", quoted(names(data),
      20), ".")),
      "arms", call)
  }
  check_words(data$statistic, arm_statistics, "statistic", call)
  sizes <- arm_sizes(data, arms, n, call)
  total <- total_column(data, arms, sizes)
  data <- data[!tolower(data$variable) %in% "n", , drop = FALSE]
  whole <- if (length(total)) whole_rows(data, arms, total, call)
  said <- paste0("Arms: ", paste0(if (length(total)) arms[-total] else arms, " (", format_whole(if (length(total)) sizes[-total]
    else sizes), ")", collapse = ", "), ".", if (length(total)) paste0(" Column `", arms[total], "` is all of them."))
  if (length(total)) {
    arms <- arms[-total]
    sizes <- sizes[-total]
  }
  answers <- lapply(table_blocks(data), function(block) {
    rows <- block$rows
    item <- block$item
    p <- read_printed(c(rows$p_value[!is.na(rows$p_value)], NA)[1], NULL, 0, 1, "p_value", call)
    switch(sub(" .*", "", rows$statistic[1]),
      count = arm_counts(block, arms, sizes, p, tests$counts, call),
      mean = arm_means(rows, arms, sizes, p, tests$means, item, call),
      list(audit = new_audit(item, "P", as.character(p), test = "rank test", verdict = "cannot be judged",
        note = "Medians and quartiles do not determine a P."))
    )
  })
  list(audit = do.call(rbind, c(lapply(answers, `[[`, "audit"), list(whole))), candidates = Filter(Negate(is.null),
    lapply(answers, `[[`, "candidate")), arms = said)
}

# Counts of a column of all patients against those of the arms.
whole_rows <- function(data, arms, total, call) {
  rows <- data[startsWith(data$statistic, "count"), , drop = FALSE]
  counts <- lapply(arms, function(arm) suppressWarnings(as.double(read_cells(rows[[arm]], arm, call)$first)))
  do.call(rbind, lapply(seq_len(nrow(rows)), function(i) {
    parts <- vapply(counts[-total], `[`, 0, i)
    one <- audit_total(parts, counts[[total]][i], item = rows$variable[i])
    one$check <- paste0(arms[total], if (!is.na(rows$level[i] %||% NA)) paste0(", ", rows$level[i]))
    one
  }))
}

# A level for the patients without a value.
missing_level <- "^\\s*(missing|unknown|not (known|available|reported|recorded|done|tested|assessed|determined|stated)|no data|n/?a)\\b"

arm_counts <- function(block, arms, sizes, p, tests, call) {
  rows <- block$rows
  variable <- block$item
  whole <- count_figures(rows, arms, call)
  of <- whole$of
  above <- whole$table > ifelse(is.na(of), sizes, of)
  if (any(above, na.rm = TRUE)) {
    return(list(audit = counts_above(whole, rows, arms, ifelse(is.na(of), sizes, of), above, variable)))
  }
  sizes <- ifelse(apply(of, 1L, function(x) !anyNA(x) && length(unique(x)) == 1L), of[, 1], sizes)
  level <- if (is.null(rows$level)) rep(NA_character_, nrow(rows)) else as.character(rows$level)
  lost <- grepl(missing_level, level, ignore.case = TRUE) & nrow(rows) > 1L
  complete <- sum(!lost) > 1L
  percent <- if (block$judged != "P") arm_percent(rows, arms, whole, sizes, lost, complete, variable)
  total <- if (nrow(rows) > 1L) arm_totals(whole$table, sizes, arms, variable)
  judged <- if (block$judged != "percentages") {
    arm_p(count_readings(block, whole$table, sizes, lost, attr(percent, "known"), arms, call), p, tests, rows$alternative[1],
      variable, call)
  }
  list(audit = rbind(percent, total, judged$audit), candidate = judged$candidate)
}

# Counts, denominators and percentages: arms in rows, levels in columns.
count_figures <- function(rows, arms, call) {
  cells <- lapply(arms, function(arm) read_cells(rows[[arm]], arm, call))
  number <- function(part) {
    do.call(rbind, lapply(cells, function(cell) check_figures(suppressWarnings(as.double(cell[[part]])), "cell", call)))
  }
  list(table = number("first"), of = number("of"), cells = cells)
}

counts_above <- function(whole, rows, arms, sizes, above, variable) {
  at <- which(above, arr.ind = TRUE)
  most <- if (is.matrix(sizes)) sizes[at] else sizes[at[, 1]]
  second <- vapply(seq_len(nrow(at)), function(i) whole$cells[[at[i, 1]]]$second[at[i, 2]], "")
  new_audit(variable, paste("count,", arms[at[, 1]]), paste0(format_whole(whole$table[at]), " of ", format_whole(most),
    ifelse(is.na(second), "", paste0(" (", second, ")"))), verdict = "impossible", remedy = "More patients than there are.")
}

# Tables that the P of a row may be about, the likeliest first, each with what is to be said of it.
count_readings <- function(block, table, sizes, lost, known, arms, call) {
  out <- list()
  add <- function(x, note = NA_character_) {
    good <- all(is.finite(x)) && all(x >= 0) && ncol(x) > 1L
    same <- vapply(out, function(o) identical(dim(o$table), dim(x)) && all(o$table == x), NA)
    if (good && !any(same)) out[[length(out) + 1L]] <<- list(table = x, note = note)
  }
  without <- rowSums(table[, lost, drop = FALSE])
  shown <- table[, !lost, drop = FALSE]
  if (block$judged == "P") {
    among <- count_figures(block$among, arms, call)$table
    part <- grepl(missing_level, as.character(block$among$level), ignore.case = TRUE)
    add(cbind(shown[, 1], sizes - shown[, 1]))
    add(cbind(shown[, 1], rowSums(among[, !part, drop = FALSE]) - shown[, 1]), "Of the patients whose level is known.")
    return(out)
  }
  if (ncol(shown) > 1L) {
    add(shown)
    rest <- sizes - without - rowSums(shown)
    if (isTRUE(any(rest > 0))) add(cbind(shown, rest), "With the patients in none of the levels as a level.")
    if (any(without > 0)) add(table, "With the patients without a value as a level.")
    own <- which(!is.na(block$rows$p_value[!lost]))
    if (ncol(shown) > 2L) {
      for (k in own) add(cbind(shown[, k], rowSums(shown) - shown[, k]), paste0("Of the level ", block$rows$level[!lost][k],
        " against the others."))
    }
    return(out)
  }
  left <- function(n) cbind(shown[, 1], n - shown[, 1])
  if (!is.null(known)) add(left(known), paste0("Of ", paste(known, collapse = " and "), " patients with a value."))
  if (any(without > 0)) add(left(sizes - without), "Of the patients with a value.")
  add(left(sizes))
  out
}

# The first reading under which the printed P comes back; failing that the first of all.
arm_p <- function(readings, p, tests, side, variable, call) {
  if (!length(readings)) {
    return(NULL)
  }
  tried <- lapply(readings, function(reading) {
    filled <- reading$table[rowSums(reading$table) > 0, colSums(reading$table) > 0, drop = FALSE]
    small <- all(dim(filled) == 2L)
    used <- if ("all" %in% tests) "all" else if (small) tests else setdiff(tests, count_tests_2x2)
    if (!length(used)) {
      return(list(audit = new_audit(variable, paste0("P", side_words(side)), as.character(p), test = tests_text(tests),
        verdict = if (is.na(unclass(p)$value)) NA else "cannot be judged", note = "The test named is for 2 x 2 tables.")))
    }
    audit <- audit_counts(reading$table, p, used, side, item = variable)
    audit$note <- ifelse(is.na(reading$note), audit$note, ifelse(is.na(audit$note), reading$note, paste(reading$note,
      audit$note)))
    list(audit = audit, table = reading$table, used = used, small = small)
  })
  good <- vapply(tried, function(one) one$audit$verdict %in% audit_verdicts[1:3], NA)
  chosen <- tried[[match(TRUE, good, nomatch = 1L)]]
  part <- length(readings) > 1L && any(grepl("in none of the levels", vapply(readings, function(r) as.character(r$note), "")))
  if (!any(good) && part && chosen$audit$verdict %in% audit_verdicts[5]) {
    chosen$audit$verdict[] <- audit_verdicts[4]
    chosen$audit$remedy <- NA_character_
    chosen$audit$note <- "The levels printed are not all patients, and what the others have is not known."
  }
  list(audit = chosen$audit, candidate = if (!is.null(chosen$table)) p_candidate(chosen, p, side, variable, call))
}

# What the column of P values is judged by.
p_candidate <- function(chosen, p, side, variable, call) {
  used <- if ("all" %in% chosen$used) setdiff(names(count_test_labels), "g") else chosen$used
  if (!chosen$small) used <- setdiff(used, count_tests_2x2)
  if (side != "two.sided") used <- setdiff(used, count_tests_two_sided)
  values <- p_range(count_p(chosen$table, used, 1e7, call, side))
  if (all(is.na(values$low))) {
    return(NULL)
  }
  filled <- all(rowSums(chosen$table) > 0) && all(colSums(chosen$table) > 0)
  statistic <- if (filled) rates_table(chosen$table, "chisq", seed = 1)$statistic
  list(item = variable, p = p, low = values$low[!is.na(values$low)], high = values$high[!is.na(values$low)],
    statistic = c(statistic, statistic), name = "chi-square")
}

# Percentages of the arm; of the patients with a known level, of the row, or of all patients of the table, where all of them fit
# these and not the arm. Where some smaller number of patients fits all of an arm, missing values would explain it.
arm_percent <- function(rows, arms, whole, sizes, lost, complete, variable) {
  level <- ifelse(is.na(rows$level %||% NA), "", paste0(" ", rows$level))
  table <- whole$table
  of <- whole$of
  of_arm <- ifelse(is.na(of), sizes, of)
  judge <- function(n, note) {
    do.call(rbind, lapply(seq_along(arms), function(a) {
      keep <- !is.na(whole$cells[[a]]$second)
      if (!any(keep)) return(NULL)
      one <- audit_percent(table[a, keep], n[a, keep], whole$cells[[a]]$second[keep],
        item = variable_labels(variable, level[keep], arms[a]))
      one$check <- paste0("percentage", level[keep], ", ", arms[a])
      one$item <- variable
      one$note <- ifelse(is.na(one$note), note, one$note)
      one
    }))
  }
  fits <- function(x) !is.null(x) && all(x$verdict %in% audit_verdicts[c(1, 2, 4)])
  first <- judge(of_arm, NA)
  if (is.null(first) || fits(first)) {
    return(first)
  }
  everywhere <- function(n) matrix(n, length(arms), ncol(table))
  others <- list()
  if (anyNA(of)) {
    known <- ifelse(is.na(of), rowSums(table[, !lost, drop = FALSE]), of)
    if (complete) others$known <- list(n = known, note = "Of the patients whose level is known.")
    others$row <- list(n = matrix(colSums(table), length(arms), ncol(table), byrow = TRUE), note = "Of all patients of the row.")
    others$all <- list(n = everywhere(sum(sizes)), note = "Of all patients of the table.")
  }
  for (name in names(others)) {
    n <- others[[name]]$n
    if (!all(is.finite(n)) || any(n <= 0) || (name == "known" && any(n > of_arm))) next
    again <- judge(n, others[[name]]$note)
    if (fits(again)) return(again)
  }
  fewer <- if (all(is.na(of))) fewer_patients(table, sizes, whole$cells)
  if (is.null(fewer)) {
    return(first)
  }
  again <- judge(everywhere(fewer), NA)
  again$verdict[] <- "cannot be judged"
  arm <- match(sub("^.*, ", "", again$check), arms)
  short <- sizes - fewer
  again$note <- ifelse(short[arm] > 0, paste0("Fits ", format_whole(fewer[arm]), " of the ", format_whole(sizes[arm]),
    " patients: ", short[arm], " without a value would explain it."), again$note)
  structure(again, known = fewer)
}

# For each arm the most patients, fewer than it has, of which all its percentages are; NULL if some arm has none.
fewer_patients <- function(table, sizes, cells) {
  out <- vapply(seq_along(cells), function(a) {
    keep <- !is.na(cells[[a]]$second) & !is.na(table[a, ])
    n <- seq(sizes[a], max(1, sum(table[a, ], na.rm = TRUE)))
    figures <- printed(cells[[a]]$second)
    good <- vapply(n, function(d) {
      all(prints_as(100 * table[a, keep] / d, figures[keep]))
    }, NA)
    c(n[good], NA)[1]
  }, 0)
  if (anyNA(out)) NULL else out
}

# Levels that add up to fewer patients than the arm has leave some without a level, which is no contradiction.
arm_totals <- function(table, sizes, arms, variable) {
  do.call(rbind, lapply(seq_along(arms), function(a) {
    one <- audit_total(table[a, ], sizes[a], item = variable)
    one$check <- paste("total,", arms[a])
    short <- sizes[a] - sum(table[a, ])
    if (isTRUE(short > 0) && one$verdict %in% audit_verdicts[6]) {
      one$verdict[] <- "cannot be judged"
      one$remedy <- NA_character_
      one$note <- paste0(short, if (short == 1) " patient is" else " patients are", " in none of the printed levels.")
    }
    one
  }))
}
