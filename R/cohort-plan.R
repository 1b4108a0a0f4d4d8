# From the words of a spec to the problem of the kernel: every condition, quantity and sample once, by number.

kind_codes <- c(mean = 0L, sd = 1L, p_paired = 2L, r = 3L, student = 4L, welch = 5L, f_visits = 6L, quantile = 7L,
  odds_ratio = 8L, or_low = 9L, or_high = 10L, p_logistic = 11L)
quantile_of_kind <- c(min = 0, q1 = 0.25, median = 0.5, q3 = 0.75, max = 1)

# Names and levels that conditions and quantities may use.
cohort_world <- function(spec, call) {
  is_measure <- vapply(spec$variables, inherits, NA, "respondr_measure")
  measures <- spec$variables[is_measure]
  categories <- lapply(spec$variables[!is_measure], `[[`, "levels")
  columns <- unlist(lapply(names(measures), function(name) {
    visits <- measures[[name]]$visits
    if (is.null(visits)) name else paste0(name, "@", visits)
  }), use.names = FALSE)
  known <- unlist(lapply(measures, function(m) m$known), use.names = FALSE)
  names(known) <- columns
  free <- columns[known == "free"]
  for (column in free) categories[[paste0("known ", column)]] <- c("no", "yes")
  list(categories = categories, columns = columns %||% character(), known = known, subsets = spec$subsets, call = call,
    column_variable = rep(names(measures), vapply(measures, function(m) max(1L, length(m$visits)), 1L)))
}

# Numbers for things that are met several times.
new_registry <- function() {
  keys <- character()
  items <- list()
  list(
    add = function(item) {
      key <- paste(deparse(item, control = NULL, width.cutoff = 500L), collapse = "")
      at <- match(key, keys)
      if (is.na(at)) {
        keys <<- c(keys, key)
        items[[length(keys)]] <<- item
        at <- length(keys)
      }
      at - 1L
    },
    items = function() items
  )
}

new_plan <- function(spec, call) {
  world <- cohort_world(spec, call)
  plan <- list(world = world, conditions = new_registry(), quantities = new_registry(), samples = new_registry())
  plan$condition <- function(text) {
    rpn <- read_condition(text, world)
    plan$conditions$add(as.list(rpn))
  }
  plan$steps <- vapply(world$column_variable, function(name) 10^-spec$variables[[name]]$decimals, 0)
  plan$quantity <- function(terms, scale = 1, step = Inf) {
    at <- match(terms$columns, world$columns)
    step <- min(plan$steps[at], step)
    plan$quantities$add(list(columns = at - 1L, coefficients = round(terms$coefficients * plan$steps[at] / step),
      unit = step * scale))
  }
  plan$sample <- function(terms, condition, scale = 1, step = Inf) {
    if (scale < 0) {  # a fall that is printed as a positive number is the rise of the quantity with its signs turned
      terms <- list(columns = rev(terms$columns), coefficients = -rev(terms$coefficients))
      scale <- -scale
    }
    plan$samples$add(list(quantity = plan$quantity(terms, scale, step), condition = condition))
  }
  plan
}

cohort_plan <- function(spec, call) {
  plan <- new_plan(spec, call)
  intervals <- printed_interval(spec$figures$printed, "figures", call, spec$figures$kind %in% c("n", "count"))
  counts <- list()
  figures <- list()
  for (i in seq_len(nrow(spec$figures))) {
    row <- as.list(spec$figures[i, ])
    made <- plan_figure(plan, row, intervals[i, ], call)
    made$row <- i
    if (row$kind %in% c("n", "count", "percent")) counts <- c(counts, list(made)) else figures <- c(figures, list(made))
  }
  counts <- distinct_counts(counts)
  limits <- lapply(seq_len(NROW(spec$limits)), function(i) plan_limit(plan, as.list(spec$limits[i, ]), call))
  columns <- plan_columns(plan, spec)
  for (name in names(spec$subsets)) plan$condition(spec$subsets[[name]])
  list(
    problem = list(patients = spec$patients, levels = lengths(plan$world$categories, use.names = FALSE),
      conditions = plan$conditions$items(), counts = problem_fields(counts, c("condition", "of", "low", "high")),
      columns = columns, quantities = problem_lists(plan$quantities$items(), c("columns", "coefficients"), "unit"),
      samples = problem_fields(plan$samples$items(), c("quantity", "condition")),
      figures = problem_lists(figures, "samples", c("kind", "low", "high", "parameter", "event")),
      limits = problem_fields(limits, c("quantity", "condition", "low", "high"))),
    world = plan$world, steps = plan$steps,
    count_rows = lapply(counts, `[[`, "row"), figure_rows = vapply(figures, `[[`, 1L, "row")
  )
}

# Figures that say the same count together once; `row` then holds all of them.
distinct_counts <- function(counts) {
  key <- vapply(counts, function(count) paste(unlist(count[c("condition", "of", "low", "high")]), collapse = " "), "")
  lapply(unname(split(counts, factor(key, unique(key)))), function(same) {
    same[[1]]$row <- vapply(same, `[[`, 1L, "row")
    same[[1]]
  })
}

# Parts between signs that do not stand in quotes.
split_outside <- function(text, sign) {
  letters <- strsplit(text, "")[[1]]
  quote <- ""
  for (i in seq_along(letters)) {
    if (quote == "" && letters[i] %in% c("\"", "'")) quote <- letters[i] else if (letters[i] == quote) quote <- "" else
      if (quote == "" && letters[i] == sign) letters[i] <- "\r"
  }
  strsplit(paste(letters, collapse = ""), "\r", fixed = TRUE)[[1]]
}

problem_fields <- function(items, names) {
  whole <- c("condition", "of", "quantity", "kind", "event")
  stats::setNames(lapply(names, function(name) {
    x <- vapply(items, function(item) as.double(item[[name]]), 0)
    if (name %in% whole) as.integer(x) else x
  }), names)
}

problem_lists <- function(items, lists, names) {
  c(stats::setNames(lapply(lists, function(name) lapply(items, function(item) {
    if (name == "coefficients") as.double(item[[name]]) else as.integer(item[[name]])
  })), lists), problem_fields(items, names))
}

plan_columns <- function(plan, spec) {
  world <- plan$world
  of <- lapply(world$column_variable, function(name) spec$variables[[name]])
  list(step = unname(plan$steps), low = vapply(of, `[[`, 0, "low"), high = vapply(of, `[[`, 0, "high"),
    shape = vapply(of, function(m) as.integer(m$skewed), 1L),
    known = vapply(world$columns, function(column) plan$conditions$add(as.list(known_condition(column, world))), 1L,
      USE.NAMES = FALSE),
    variable = match(world$column_variable, unique(world$column_variable)) - 1L)
}

plan_figure <- function(plan, row, interval, call) {
  whole <- paste0("(", row$subset, ")")
  out <- list(low = interval$low, high = interval$high, parameter = 0, event = -1L)
  if (row$kind %in% c("n", "count", "percent")) {
    return(plan_count(plan, row, whole, interval))
  }
  if (row$kind %in% c("p_paired", "p_groups", "p_logistic")) out$low <- max(0, out$low)
  if (row$kind == "sd") out$low <- max(0, out$low)
  subset <- plan$condition(row$subset)
  parts <- split_outside(row$of, "~")
  if (row$kind %in% names(quantile_of_kind)) {
    out$kind <- kind_codes[["quantile"]]
    out$parameter <- quantile_of_kind[[row$kind]]
  } else {
    out$kind <- kind_codes[[if (row$kind == "p_groups") row$test else row$kind]]
  }
  two_sided <- c("p_groups", "odds_ratio", "or_low", "or_high", "p_logistic")
  if (length(parts) != (if (row$kind %in% two_sided) 2L else 1L)) {
    stop_input("word", c(paste0("`of` of the figure `", row$kind, "` is `", row$of, "`."),
      i = if (row$kind %in% two_sided) "It needs `~`, for example `age ~ response == main`." else "It takes no `~`."),
      "figures", call)
  }
  out$samples <- figure_samples(plan, row, parts, subset, call)
  if (row$kind %in% two_sided[-1]) out$event <- plan$condition(parts[1])
  out
}

figure_samples <- function(plan, row, parts, subset, call) {
  world <- plan$world
  if (row$kind == "p_groups") {
    terms <- read_quantity(parts[1], world)
    inside <- if (row$subset == "all") "" else paste0("(", row$subset, ") & ")
    groups <- paste0(inside, c("(", "!("), trimws(parts[2]), ")")
    return(vapply(groups, function(g) plan$sample(terms, plan$condition(g), row$scale), 1L, USE.NAMES = FALSE))
  }
  if (row$kind %in% c("odds_ratio", "or_low", "or_high", "p_logistic")) {
    return(plan$sample(read_quantity(parts[2], world), subset, row$scale))
  }
  if (row$kind %in% c("r", "f_visits")) {
    each <- strsplit(parts, ",", fixed = TRUE)[[1]]
    if (length(each) < 2L || (row$kind == "r" && length(each) != 2L)) {
      stop_input("word", paste0("`of` of `", row$kind, "` names visits separated by commas, not `", row$of, "`."), "figures", call)
    }
    terms <- lapply(each, read_quantity, world)
    total <- list(columns = unlist(lapply(terms, `[[`, "columns")), coefficients = unlist(lapply(terms, `[[`, "coefficients")))
    # Complete patients only: the total is known for those, so each visit is taken among them.
    have <- paste0("known(", total$columns, ")", collapse = " & ")
    complete <- plan$condition(paste0("(", row$subset, ") & ", have))
    # In one grid, so that the squares of the total are those of its parts and twice their product.
    step <- min(plan$steps[match(total$columns, world$columns)])
    return(vapply(c(terms, list(total)), function(t) plan$sample(t, complete, row$scale, step), 1L))
  }
  plan$sample(read_quantity(parts, world), subset, row$scale)
}

plan_count <- function(plan, row, whole, interval) {
  if (row$kind == "n") {
    columns <- read_quantity(row$of, plan$world)$columns
    condition <- paste0(whole, " & ", paste0("known(", columns, ")", collapse = " & "))
  } else {
    condition <- if (row$kind == "count") paste0(whole, " & (", row$of, ")") else row$of
  }
  list(condition = plan$condition(condition), of = if (row$kind == "percent") plan$condition(row$subset) else -1L,
    low = interval$low, high = interval$high)
}

plan_limit <- function(plan, row, call) {
  terms <- read_quantity(row$of, plan$world)
  number <- plan$quantity(terms)
  step <- min(plan$steps[match(terms$columns, plan$world$columns)])
  bound <- function(x) if (x %in% c("-Inf", "Inf")) as.numeric(x) else printed_interval(x, "limits", call)$value / step
  list(quantity = number, condition = plan$condition(row$subset), low = ceiling(bound(row$low) - 1e-9),
    high = floor(bound(row$high) + 1e-9))
}
