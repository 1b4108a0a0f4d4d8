# Rows of a table that hold arms: how papers write them, and which columns, patients and rows belong together.

# Where the P of a table stands.
p_heads <- c("p", "p-value", "p value", "p.value", "pvalue", "p_val", "p val")

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

# A column of as many patients as all others together, named as the whole or with their counts added up, is no arm. (A column of
# more patients than the others is one too if it has that name: an arm may not be shown.)
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
  named <- grepl("^(total|all|overall|whole|entire)([ ._](patients|cohort|sample|population|group|study|n))?([ ._]*\\(.*)?$", arms,
    ignore.case = TRUE)
  larger <- vapply(seq_along(arms), function(j) sizes[j] >= sum(sizes[-j]), NA)
  utils::head(which((named & larger) | adds), 1L)
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

# "20 (48.8%)", "27.00 (7.97)", "27.00 \u00b1 7.97 g/L", "27.0 (SD 8.0)", "20/41 (48.8)", "20 of 41 [48.8]", "1 (<1%)", "<5", "41"
read_cells <- function(x, argument, call) {
  text <- plain_cell(x)
  text <- chartr("[]", "()", text)
  text <- sub("(?<=[0-9])\\s+of\\s+(?=[0-9])", "/", text, perl = TRUE)
  text <- sub("\\(\\s*(\u00b1|\\+/-|SD:?|SEM?:?)\\s*", "(", text, ignore.case = TRUE)
  text <- sub("\\s*(\u00b1|\\+/-)\\s*", " (", text)
  text <- sub("\\s*\\(\\s*(NA|-|\u2013|\u2014)?\\s*\\)$", "", text)  # a second figure that is not printed
  number <- "[-+]?[0-9]*\\.?[0-9]+"
  form <- paste0("^([<>]?\\s*", number, ")(?:\\s*/\\s*([0-9]+))?(?:\\s*\\(\\s*([<>]?\\s*", number,
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
