# Classes of response of the same patients at two or more visits: all levels together and each cut, by the paired_rates
# family.

#' Shift between classes of response
#'
#' The class of response of the same patients at two visits, or at every pair of visits: did the classes move? Contrasts are
#' **later minus earlier**; classes are ordered, worst first. Patients are matched by id; who has no class at one of the two
#' visits is counted and named.
#'
#' Two questions are asked of each pair of visits. *Did anything move?* Bowker's test of symmetry and the Stuart-Maxwell test
#' of equal margins, over all classes. *In which direction?* each cut between two neighbouring classes ("at least minor",
#' "main") is a yes or no, and McNemar's exact and mid-p tests compare it, each with the conditional odds ratio (gained over
#' lost) whose interval inverts the same test. With two classes there is one cut, and only that is tested.
#'
#' The columns `events_reference` and `events` count the patients in the cut or above at the earlier and the later visit,
#' `n_gained` and `n_lost` those who rose over it and fell below it. At either visit it was held by `events_reference +
#' n_gained` patients ("best response ever"), which is neither of the two counts.
#'
#' @inheritParams compare_paired_rates
#' @param x Formula `class ~ visit | id`, where `class` is a factor, worst class first (as [classify_response()] gives), a
#'   logical or numbers; `later ~ 1` with `baseline = earlier` for wide data, one row a patient; or a square table of
#'   counts, the earlier visit in rows, or a list of such tables.
#' @param contrasts `"pairwise"` (every pair of visits) or `"reference"` (each visit against the reference).
#' @param method Tests over all classes: `"bowker"`, `"stuart_maxwell"`, `"bhapkar"`, `"marginal_homogeneity"`.
#' @param cut_method Tests of each cut: `"mcnemar_exact"`, `"mcnemar_midp"`, `"mcnemar"`, `"mcnemar_unconditional"`.
#' @return `response_shift()`: a data frame of class `respondr_shift`, which is also a result of
#'   [compare_paired_rates()], one row for each pair of visits and test. `event` says which cut; the columns are
#'   described in [result_columns]. [shift_table()] of it gives the counts. `shift_patients()`: a data frame with one
#'   row for each patient and pair of visits: `before`, `after`, and `moved`, one of `"rose"`, `"fell"`, `"stayed"`,
#'   `"not known"`.
#' @section Errors:
#' Those of [compare_paired_rates()]; `respondr_error_levels` where the classes have no order (text) or there is only one.
#' @references Bowker AH (1948) \doi{10.1080/01621459.1948.10483284}. Stuart A (1955) \doi{10.1093/biomet/42.3-4.412}.
#'   Maxwell AE (1970) \doi{10.1192/bjp.116.535.651}. McNemar Q (1947) \doi{10.1007/BF02295996}. Fagerland MW, Lydersen
#'   S, Laake P (2013) \doi{10.1186/1471-2288-13-91}.
#' @examples
#' # Thalidomide in 62 patients: 39 main responders at 3 months; at long-term follow-up two had
#' # fallen to minor and four had risen to main, which makes 41.
#' classes <- c("none", "minor", "main")
#' counts <- matrix(c(4, 0, 0, 0, 15, 2, 0, 4, 37), 3,
#'   dimnames = list("3 months" = classes, "long term" = classes))
#' x <- response_shift(counts)
#' x
#' shift_table(x)
#' plot(x)
#' long <- data.frame(id = rep(1:6, 2), visit = rep(c(3, 12), each = 6), class = factor(
#'   c("main", "main", "minor", "none", "minor", "main", "main", "minor", "main", NA, "main", "main"),
#'   levels = classes))
#' shift_patients(response_shift(class ~ visit | id, long))
#' @export
response_shift <- function(x, data = NULL, ..., baseline = NULL, by = NULL, subset = NULL, reference = NULL, visits = NULL,
                           contrasts = "pairwise", method = c("bowker", "stuart_maxwell"),
                           cut_method = c("mcnemar_exact", "mcnemar_midp"), conf_level = 0.95, distribution = "auto",
                           replicates = 10000, seed = NULL, exact_limit = 1e8,
                           threads = getOption("respondr.threads", 1L)) {
  call <- sys.call()
  check_dots_empty(call, ...)
  if (missing(x)) {
    stop_input("x", c("Nothing to compare was given.", i = "Write `class ~ visit | id`, or give a table of counts."),
      "x", call)
  }
  input <- prates_input(x, NULL, data, NULL, substitute(baseline), substitute(by), substitute(subset), reference, visits,
    quote(list(both = NULL, lost = NULL, gained = NULL, neither = NULL)), parent.frame(), call, grouped = missing(by))
  check_words(method, prates_square_methods, "method", call)
  check_words(cut_method, prates_pair_methods, "cut_method", call)
  shift_check_levels(input, call)
  words <- function(method, event) {
    input$event_given <- event
    out <- prates_words(method, "default", "default", contrasts, "two.sided", NULL, conf_level, distribution, "central",
      "default", NULL, NULL, "respondr", replicates, exact_limit, threads, input, call)
    out$adjust <- list(method = "none", over = character())
    out
  }
  shift_solve(input, words, method, cut_method, new_seed(seed, call), call)
}

shift_check_levels <- function(input, call) {
  for (name in names(input$responses)) {
    r <- input$responses[[name]]
    if (!isTRUE(r$ordered)) {
      stop_input("levels", c(paste0("The classes of `", name, "` have no order: ", quoted(r$labels, 12), "."),
        i = "Make it a factor, worst class first: `factor(x, levels = c(\"none\", \"minor\", \"main\"))`."), "x", call)
    }
    if (length(r$labels) < 2L) {
      stop_input("levels", paste0("`", name, "` has ", length(r$labels), " class; a shift needs two."), "x", call)
    }
  }
  if (length(unique(lapply(input$responses, `[[`, "labels"))) > 1L) {
    stop_input("levels", "The outcomes have different classes; ask for each on its own.", "x", call)
  }
}

# "at least minor"; the best class by its name.
shift_cut_names <- function(labels) {
  k <- length(labels)
  c(if (k > 2L) paste("at least", labels[2:(k - 1L)]), labels[k])
}

shift_solve <- function(input, words, method, cut_method, seed, call) {
  finished <- FALSE
  on.exit(if (!finished && !seed$given) restore_seed(seed))  # a call that stops has drawn nothing
  labels <- input$responses[[1]]$labels
  k <- length(labels)
  whole <- if (k > 2L) shift_rows(input, words(method, NULL), NULL, seed$value, call)
  cuts <- lapply(seq_len(k - 1L), function(c) {
    event <- labels[(c + 1L):k]
    out <- shift_rows(input, words(cut_method, event), event, seed$value, call)
    out$event <- shift_cut_names(labels)[c]
    out
  })
  used <- words(cut_method, labels[k])
  out <- shift_bind(c(list(whole), cuts), input, c(method, cut_method))
  drawn <- any(out$distribution %in% "monte_carlo")
  if (!drawn) restore_seed(seed)
  finished <- TRUE
  trace <- trace_table(list(
    c("contrast", "later minus earlier visit", input$visit_note), c("pairing", switch(input$kind, long = "by id",
      counts = "counts"), ""),
    c("classes", paste(labels, collapse = " < "), "worst first"), c("cuts", paste(shift_cut_names(labels),
      collapse = ", "), ""),
    c("all classes", if (k > 2L) paste(method, collapse = ", ") else "none: two classes have one cut", ""),
    c("each cut", paste(cut_method, collapse = ", "), "each with the interval of its own test"),
    c("two-sided rule", "central", "of the exact test"), c("adjustment", "none", "")
  ))
  settings <- list(
    family = "paired_rates", by = names(input$by), scale = prates_scale(used), conf_level = used$conf_level,
    alternative = "two.sided", p_adjust = "none", adjust_over = NULL, convention = "respondr",
    seed = if (drawn) seed$value, replicates = if (drawn) used$replicates,
      visit_note = if (used$contrasts == "reference" || input$kind == "counts") input$visit_note,
    skipped = input$skipped, kind = input$kind, title = "Shift between classes of response, later - earlier visit",
    mixed_scales = TRUE, words = used, contrasts = used$contrasts,
    lines = paste("classes, worst first:", paste(labels, collapse = " < "))
  )
  build_result(out, class = c("respondr_shift", "respondr_paired_rates"), settings = settings, trace = trace, input = input,
    call = call)
}

shift_rows <- function(input, words, event, seed, call) {
  input$event_given <- event
  input <- prates_with_events(input, words, call)
  out <- prates_rows(input, words, seed, call)
  as.data.frame(lapply(out, function(v) if (is.factor(v) && !is.null(levels(v))) as.character(v) else v), optional = TRUE)
}

# Pair of visits by pair of visits: all classes first, then cut by cut. Ratios and differences have one word for the pair.
shift_bind <- function(frames, input, methods) {
  frames <- frames[!vapply(frames, is.null, NA)]
  names <- unique(unlist(lapply(frames, names)))
  model <- frames[[length(frames)]]
  frames <- lapply(frames, function(f) {
    for (name in setdiff(names, names(f))) {
      blank <- model[[name]] %||% frames[[1]][[name]]
      f[[name]] <- rep(blank[NA_integer_], nrow(f))
    }
    f[names]
  })
  rank <- rep(seq_along(frames), vapply(frames, nrow, 0L))
  out <- do.call(rbind, frames)
  out$contrast <- paste(out$level, "-", out$reference)
  key <- function(x) match(as.character(x), unique(as.character(x)))
  place <- lapply(c("outcome", names(input$by), "contrast"), function(name) key(out[[name]]))
  out <- out[do.call(order, c(place, list(rank, match(out$method, methods)))), , drop = FALSE]
  row.names(out) <- NULL
  out$method <- factor(out$method, levels = unique(methods))
  out$distribution <- factor(out$distribution, levels = distribution_words[-1])
  out$conf_method <- factor(out$conf_method, levels = conf_method_table$word)
  out$status <- factor(out$status, levels = status_table$word)
  for (name in names(input$by)) out[[name]] <- factor(out[[name]], levels = unique(as.character(input$by[[name]])))
  for (name in c("level", "reference")) out[[name]] <- factor(out[[name]], levels = input$visits)
  out
}

#' @rdname response_shift
#' @export
shift_patients <- function(x, ...) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  input <- attr(x, "input")
  if (!inherits(x, "respondr_shift") || is.null(input)) {
    stop_input("x", c("`x` must be a result of `response_shift()`.", i = "Take it before columns are chosen."), "x", call)
  }
  if (!identical(input$kind, "long")) {
    stop_input("x", "Counts hold no patients; `response_shift(class ~ visit | id)` does.", "x", call)
  }
  shift_moves(input, attr(x, "settings")$contrasts)
}

shift_moves <- function(input, contrasts) {
  pairs <- prates_pairs(input, contrasts)
  labels <- input$responses[[1]]$labels
  group <- group_of_patient(input)
  id <- id_text(input$id_columns, input$id_row)
  frames <- lapply(names(input$outcomes), function(name) {
    code <- input$outcomes[[name]]
    lapply(seq_along(pairs$level), function(i) {
      a <- code[input$rows[, pairs$reference[i]]]
      b <- code[input$rows[, pairs$level[i]]]
      moved <- ifelse(is.na(a) | is.na(b), "not known", c("fell", "stayed", "rose")[sign(b - a) + 2L])
      some <- !is.na(a) | !is.na(b) | rowSums(!is.na(matrix(code[input$rows], nrow(input$rows)))) > 0L
      out <- data.frame(outcome = rep(name, length(a)), by_columns_of(input, group), id = id,
        reference = factor(rep(input$visits[pairs$reference[i]], length(a)), levels = input$visits),
        level = factor(rep(input$visits[pairs$level[i]], length(a)), levels = input$visits),
        before = factor(labels[a], levels = labels, ordered = TRUE), after = factor(labels[b], levels = labels,
          ordered = TRUE),
        moved = factor(moved, levels = c("rose", "fell", "stayed", "not known")), check.names = FALSE)
      out[some, , drop = FALSE]
    })
  })
  out <- do.call(rbind, unlist(frames, recursive = FALSE))
  row.names(out) <- NULL
  out
}
