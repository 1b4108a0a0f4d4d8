#' Data of CDISC ADaM as long data
#'
#' Reads a basic data structure (BDS) data set: `USUBJID`, `PARAMCD`, `AVISIT`, `AVISITN`, `AVAL`, and where they are there
#' `ABLFL`, `BASE`, `CHG`, `ANL01FL`, `DTYPE`, `TRT01A` or `TRTA`. Gives one row a patient and visit, with one column a
#' parameter, which every verb of this package takes; the print says what was mapped and how many records were left out.
#'
#' @details
#' Records are left out in this order, each counted once: parameters not asked for; no value; derived minima, maxima and last
#' observations (`DTYPE`); unscheduled visits and records without a visit; other time points; without `ANL01FL` (where any
#' record of the parameters has it; baseline records are kept); derived (`DTYPE`) beside an observed record of the visit; at
#' or before the visit of the baseline without being the baseline.
#' The baseline is the record with `ABLFL`, and becomes the first visit, "Baseline"; `BASE` stands in where there is none.
#' Records whose `BASE` is not the flagged value, and whose `CHG` is not `AVAL - BASE`, are counted and named; the flagged
#' value is used. Visits stand in the order of `AVISITN`.
#'
#' @param data A BDS data frame; names in any case, labelled columns as haven reads them.
#' @param param Values of `PARAMCD`; may be left out where there is one.
#' @param ... Must be empty.
#' @param arm Column of the arm; `TRT01A`, else `TRTA`, by default; `NA` for none.
#' @param keep Further columns with one value a patient, for example of ADSL; numbers stay numbers.
#' @param timepoint Value of `ATPT` where visits have several (lying, standing); `NA` for records without one.
#' @param several What to do with several records of a patient and parameter at a visit: `"stop"` names them, `"first"` and
#'   `"last"` take one by `ADT` (`ADTM`), `"mean"` their mean.
#' @return A data frame of class `respondr_adam`: `USUBJID`, the arm, `visit` (ordered factor), the columns of `keep`, one
#'   numeric column a parameter. [classify_response()] needs no `id` and `visit` for it.
#' @section Errors:
#' `respondr_error_column` (a column of BDS is not there), `respondr_error_word` (a parameter that is not there),
#' `respondr_error_duplicate_id` (several records at a visit), `respondr_error_visits` (an `AVISIT` with two `AVISITN`),
#' `respondr_error_by` (an arm that changes within a patient).
#' @references CDISC (2021) Analysis Data Model Implementation Guide 1.3.
#' @examples
#' file <- system.file("validation", "pharmaverseadam", "adlb.csv", package = "respondr")
#' adlb <- read.csv(file)
#' x <- adam_data(adlb, "HGB")
#' x
#' compare_paired(HGB ~ visit | USUBJID, x)
#' classify_response(x, response_rule(rise = change(HGB) > 0, none = otherwise()), keep = TRT01A)
#' @export
adam_data <- function(data, param = NULL, ..., arm = NULL, keep = NULL, timepoint = NULL,
                      several = c("stop", "first", "last", "mean")) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  several <- check_word(several[1], c("stop", "first", "last", "mean"), "several", call)
  data <- as_data(data, call)
  names(data) <- toupper(names(data))
  lacking <- setdiff(c("USUBJID", "PARAMCD", "AVISIT", "AVISITN", "AVAL"), names(data))
  if (length(lacking)) {
    stop_input("column", c(paste0("`data` is no BDS data set: ", quoted(lacking), " is not there."),
      i = paste0("Columns of `data`: ", quoted(names(data), 12), ".")), "data", call)
  }
  check_rows(nrow(data), call)
  param <- adam_param(param, data, call)
  arm <- adam_arm(arm, data, call)
  keep <- known_columns(toupper(as.character(keep)), data, "keep", call)
  chosen <- adam_records(data, param, timepoint, call)
  records <- adam_baseline(chosen, call)
  records <- adam_one_record(records, several, call)
  adam_result(records, data, param, arm, keep, call)
}

adam_param <- function(param, data, call) {
  found <- unique(as.character(bare_values(data$PARAMCD)))
  found <- found[!is.na(found)]
  if (is.null(param) && length(found) == 1L) {
    return(found)
  }
  if (!is.character(param) || !length(param) || !all(param %in% found)) {
    stop_input("word", c(paste0("`param` ", if (is.null(param)) "is not given." else paste0("names ",
      quoted(setdiff(as.character(param), found)), ".")),
      i = paste0("Parameters found: ", quoted(sort(found), 30), ".")), "param", call)
  }
  unique(param)
}

adam_arm <- function(arm, data, call) {
  if (is.null(arm)) {
    return(utils::head(intersect(c("TRT01A", "TRTA"), names(data)), 1L))
  }
  if (identical(arm, NA)) character() else known_columns(toupper(as.character(arm)), data, "arm", call)
}

adam_flag <- function(data, name) {
  x <- if (name %in% names(data)) as.character(bare_values(data[[name]])) else rep(NA_character_, nrow(data))
  !is.na(x) & x == "Y"
}

# Dates as numbers in their order; text of ISO 8601 has it already.
adam_time <- function(x) {
  x <- bare_values(x)
  if (!is.character(x) && !is.factor(x)) return(as.double(x))
  words <- as.character(x)
  match(words, sort(unique(words), method = "radix"))
}

# Records of the parameters that are analysed, and how many were left out for which reason.
adam_records <- function(data, param, timepoint, call) {
  text <- function(name) if (name %in% names(data)) trimws(as.character(bare_values(data[[name]]))) else rep("", nrow(data))
  own <- as.character(bare_values(data$PARAMCD)) %in% param
  number <- as.double(bare_values(data$AVISITN))
  label <- text("AVISIT")
  base <- adam_flag(data, "ABLFL")
  flag <- adam_flag(data, "ANL01FL")
  reasons <- list(
    "without a value" = is.na(data$AVAL), "derived minima, maxima or last observations" = text("DTYPE") %in% c("MINIMUM",
      "MAXIMUM", "LOV", "LOCF", "WOCF"),
    "without a subject" = is.na(data$USUBJID) | text("USUBJID") == "",
    "at unscheduled visits or without a visit" = !base & (is.na(label) | label == "" | is.na(number) |
      grepl("unsched", label, ignore.case = TRUE)),
    "at other time points (ATPT)" = adam_other_time(text("ATPT"), own, timepoint, call),
    "without ANL01FL" = any(flag & own) & !flag & !base
  )
  kept <- own
  out <- c("of other parameters" = sum(!own))
  for (name in names(reasons)) {
    lost <- kept & reasons[[name]]
    out[[name]] <- sum(lost)
    kept <- kept & !lost
  }
  beside <- kept & adam_derived_beside(data, kept, text("DTYPE"), label)
  out[["derived beside an observed record"]] <- sum(beside)
  at <- which(kept & !beside)
  time <- intersect(c("ADTM", "ADT"), names(data))
  column <- function(name) if (name %in% names(data)) as.double(bare_values(data[[name]]))[at] else rep(NA_real_, length(at))
  list(rows = data.frame(row = at, id = text("USUBJID")[at], param = as.character(bare_values(data$PARAMCD))[at],
    label = label[at], number = number[at], value = as.double(bare_values(data$AVAL))[at], base = base[at],
    BASE = column("BASE"), CHG = column("CHG"),
    time = if (length(time)) adam_time(data[[time[1]]][at]) else rep(NA_real_, length(at)), stringsAsFactors = FALSE),
    total = nrow(data), left_out = out, has_time = length(time) > 0L)
}

# Records at other time points of a visit (lying, standing); NA asks for those without a time point.
adam_other_time <- function(time, own, timepoint, call) {
  time[is.na(time)] <- ""
  found <- sort(unique(time[own & nzchar(time)]), method = "radix")
  if (is.null(timepoint)) {
    if (length(found) > 1L) {
      stop_input("word", c(paste0("The records have several time points a visit (ATPT): ", quoted(found, 12), "."),
        i = "Choose one in `timepoint`; NA takes the records without one."), "timepoint", call)
    }
    return(rep(FALSE, length(time)))
  }
  if (length(timepoint) != 1L || !(is.na(timepoint) || timepoint %in% found)) {
    stop_input("word", c("`timepoint` must be one time point or NA.", i = paste0("Time points found: ",
      if (length(found)) quoted(found, 12) else "none", ".")), "timepoint", call)
  }
  if (is.na(timepoint)) nzchar(time) else time != timepoint
}

# A mean made of the one record beside it says nothing new.
adam_derived_beside <- function(data, kept, dtype, label) {
  derived <- !is.na(dtype) & nzchar(dtype)
  key <- paste(bare_values(data$USUBJID), bare_values(data$PARAMCD), label, sep = "\r")
  derived & key %in% key[kept & !derived]
}

adam_baseline <- function(chosen, call) {
  d <- chosen$rows
  key <- paste(d$id, d$param, sep = "\r")
  flagged <- which(d$base)
  twice <- flagged[duplicated(key[flagged])]
  if (length(twice)) {
    stop_input("duplicate_id", c(paste0("Patient ", quoted(d$id[twice[1]]), " has two baselines (ABLFL) of ",
      d$param[twice[1]], " (rows ", paste(d$row[flagged[key[flagged] == key[twice[1]]]], collapse = ", "), ")."),
      i = "A patient has one baseline a parameter."), "ABLFL", call)
  }
  unflagged <- which(!key %in% key[flagged] & !is.na(d$BASE))
  mixed <- unflagged[d$BASE[unflagged] != d$BASE[unflagged][match(key[unflagged], key[unflagged])]]
  if (length(mixed)) {
    stop_input("duplicate_id", c(paste0("Patient ", quoted(d$id[mixed[1]]), " has no record flagged by ABLFL and several ",
      "values of BASE for ", d$param[mixed[1]], "."), i = "Choose the records of one baseline first."), "BASE", call)
  }
  at <- match(key, key[flagged])
  value <- d$value[flagged][at]
  differ <- function(a, b) !is.na(a) & !is.na(b) & abs(a - b) > 1e-9 * pmax(abs(a), abs(b))
  chosen$wrong_base <- d[differ(d$BASE, value), c("row", "id")]
  chosen$wrong_change <- d[!d$base & differ(d$CHG + d$BASE, d$value), c("row", "id")]
  early <- !d$base & !is.na(at) & d$number <= d$number[flagged][at] & !is.na(d$number[flagged][at])
  beside <- !d$base & !early & (tolower(d$label) %in% baseline_words | d$number <= 0)
  # Before the baseline, where BASE stands in for a flag: what is called a baseline.
  chosen$left_out[["at or before the visit of the baseline"]] <- sum(early | beside)
  from_base <- !duplicated(key) & is.na(at)
  first <- match(key[from_base], key[!is.na(d$BASE)])
  extra <- d[from_base, , drop = FALSE]
  extra$value <- d$BASE[!is.na(d$BASE)][first]
  extra$base <- rep(TRUE, nrow(extra))
  extra <- extra[!is.na(extra$value), , drop = FALSE]
  chosen$from_base <- nrow(extra)
  chosen$no_baseline <- sum(from_base) - nrow(extra)
  d <- rbind(d[!early & !beside, , drop = FALSE], extra)
  d$label[d$base] <- "Baseline"
  d$number[d$base] <- -Inf
  chosen$rows <- d
  chosen
}

adam_one_record <- function(chosen, several, call) {
  d <- chosen$rows
  key <- paste(d$id, d$param, d$label, sep = "\r")
  twice <- unique(key[duplicated(key)])
  chosen$several <- length(twice)
  if (!length(twice)) {
    return(chosen)
  }
  if (several == "stop") {
    at <- which(key == twice[1])
    stop_input("duplicate_id", c(paste0("Patient ", quoted(d$id[at[1]]), " has ", length(at), " records of ", d$param[at[1]],
      " at visit ", quoted(d$label[at[1]]), " (rows ", paste(utils::head(d$row[at], 5), collapse = ", "), "); ",
      length(twice), " such visits in all."),
      i = "Mark the one to analyse in ANL01FL, or say `several = \"last\"`, \"first\" or \"mean\"."), "several", call)
  }
  if (several != "mean" && !chosen$has_time) {
    stop_input("column", c(paste0("`several = \"", several, "\"` needs ADT or ADTM."), i = "Use \"mean\", or mark ANL01FL."),
      "several", call)
  }
  chosen$several_word <- several
  if (several == "mean") {
    d$value <- stats::ave(d$value, key)
    chosen$rows <- d[!duplicated(key), , drop = FALSE]
  } else {
    d <- d[order(key, if (several == "first") d$time else -d$time, d$row), , drop = FALSE]
    chosen$rows <- d[!duplicated(paste(d$id, d$param, d$label, sep = "\r")), , drop = FALSE]
  }
  chosen
}

adam_result <- function(chosen, data, param, arm, keep, call) {
  d <- chosen$rows
  pairs <- unique(d[c("label", "number")])
  pairs <- pairs[order(pairs$number, pairs$label, method = "radix"), ]
  if (anyDuplicated(pairs$label)) {
    name <- pairs$label[duplicated(pairs$label)][1]
    stop_input("visits", c(paste0("AVISIT ", quoted(name), " has several AVISITN: ", paste(pairs$number[pairs$label == name],
      collapse = ", "), "."), i = "One visit has one place in time."), "data", call)
  }
  key <- paste(d$id, d$label, sep = "\r")
  first <- which(!duplicated(key))
  first <- first[order(d$id[first], match(d$label[first], pairs$label), method = "radix")]
  out <- list(USUBJID = d$id[first])
  patients <- unique(d$id)
  fixed <- list(id_row = seq_along(patients), patient = match(trimws(as.character(bare_values(data$USUBJID))), patients),
    ids = patients)
  for (name in c(arm, keep)) {
    one <- constant_column(data[[name]], name, fixed, call)
    one <- (if (identical(name, arm)) one$label else one$value)[match(out$USUBJID, patients)]
    out[[name]] <- if (is.factor(one)) droplevels(one) else one
  }
  out$visit <- factor(d$label[first], pairs$label, ordered = TRUE)
  for (p in param) {
    own <- d$param == p
    out[[p]] <- d$value[own][match(key[first], key[own])]
  }
  structure(as.data.frame(out, optional = TRUE), class = c("respondr_adam", "data.frame"), adam = c(
    chosen[c("total", "left_out", "wrong_base", "wrong_change", "from_base", "no_baseline", "several", "several_word")],
    list(param = param, arm = arm, used = nrow(d) - chosen$from_base, patients = length(patients))))
}

#' @export
print.respondr_adam <- function(x, ..., n = 6L) {
  a <- attr(x, "adam")
  if (!is.null(a)) writeLines(adam_lines(a, levels(x$visit)))
  print(utils::head(as.data.frame(x), n))
  if (nrow(x) > n) cat("... and", nrow(x) - n, "more rows\n")
  invisible(x)
}

adam_lines <- function(a, visits) {
  lost <- a$left_out[a$left_out > 0]
  named <- function(d) paste0(nrow(d), " records of ", quoted(unique(d$id)))
  c(
    paste0("ADaM data: ", a$patients, " patients, ", paste(a$param, collapse = ", "), " (AVAL); id USUBJID",
      if (length(a$arm)) paste0(", arm ", a$arm)),
    strwrap(paste0("Visits by AVISITN: ", paste(visits, collapse = ", ")), exdent = 2),
    paste0("Records: ", a$total, " read, ", a$used, " used"),
    if (length(lost)) paste0("  left out ", names(lost), ": ", lost),
    if (a$several) paste0("  visits with several records: ", a$several, ", the ", a$several_word, " taken"),
    if (a$from_base) paste0("Baselines taken from BASE for want of ABLFL: ", a$from_base),
    if (a$no_baseline) paste0("Patients and parameters without a baseline: ", a$no_baseline),
    if (nrow(a$wrong_base)) paste0("BASE is not the value flagged by ABLFL (which is used) in ", named(a$wrong_base)),
    if (nrow(a$wrong_change)) paste0("CHG is not AVAL - BASE in ", named(a$wrong_change)), ""
  )
}

#' @export
as.data.frame.respondr_adam <- function(x, row.names = NULL, optional = FALSE, ...) {
  attr(x, "adam") <- NULL
  class(x) <- "data.frame"
  x
}
