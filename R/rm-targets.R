# What is estimated in repeated measures: weights over the cells within patients and over the groups between patients.
# Means and contrasts of the ANOVA and of the mixed model are made here once.
#
# A target set is a list: labels (data frame: contrast, level, reference and columns that condition), within (matrix,
# targets x cells), between (matrix, targets x rows of the grid).

# All combinations of the between factors; covariates stand at their mean.
between_grid <- function(between) {
  factors <- names(between)[vapply(between, is.factor, NA)]
  grid <- rev(expand.grid(rev(lapply(between[factors], function(x) factor(levels(x), levels = levels(x)))),
    KEEP.OUT.ATTRS = FALSE))
  if (!length(factors)) grid <- data.frame(row.names = 1L)
  for (name in setdiff(names(between), factors)) grid[[name]] <- mean(between[[name]], na.rm = TRUE)
  grid <- grid[names(between)]
  counts <- rep(nrow(between), nrow(grid))
  if (length(factors)) {
    code <- function(d) do.call(paste, c(lapply(d[factors], as.character), sep = "\r"))
    counts <- as.vector(table(factor(code(between), levels = code(grid))))
  }
  list(grid = grid, factors = factors, counts = counts)
}

# Weights of the combinations of `keep` factors; the others are averaged with equal or observed weights.
level_weights <- function(grid, keep, margins) {
  frame <- grid$grid[keep]
  n <- nrow(grid$grid)
  key <- if (length(keep)) do.call(paste, c(lapply(frame, as.character), sep = "\r")) else rep("", n)
  first <- !duplicated(key)
  weight <- if (margins == "observed") grid$counts else rep(1, n)
  w <- t(vapply(key[first], function(k) {
    here <- (key == k) * weight
    if (sum(here) > 0) here / sum(here) else here * NA_real_
  }, numeric(n)))
  list(labels = frame[first, , drop = FALSE], weights = matrix(w, ncol = n))
}

# The same for cells within patients.
cell_weights <- function(within, keep) {
  level_weights(list(grid = within, counts = rep(1, nrow(within))), keep, "equal")
}

# Contrasts between the levels of one factor as a matrix, rows named "level - reference".
factor_contrasts <- function(levels, kind, reference, times, custom, call) {
  k <- length(levels)
  pair <- function(a, b) {
    row <- numeric(k)
    row[a] <- 1
    row[b] <- row[b] - 1
    row
  }
  if (is.matrix(kind)) {
    return(custom_contrasts(kind, levels, call))
  }
  if (kind == "trend") {
    return(trend_contrasts(levels, times, call))
  }
  pairs <- if (kind == "pairwise") {
    t(utils::combn(k, 2L))[, 2:1, drop = FALSE]
  } else {
    cbind(setdiff(seq_len(k), reference), rep(reference, k - 1L))
  }
  list(
    matrix = t(apply(pairs, 1, function(p) pair(p[1], p[2]))),
    labels = data.frame(contrast = paste0(levels[pairs[, 1]], " - ", levels[pairs[, 2]]), level = levels[pairs[, 1]],
      reference = levels[pairs[, 2]])
  )
}

custom_contrasts <- function(m, levels, call) {
  if (!is.numeric(m) || ncol(m) != length(levels) || anyNA(m)) {
    stop_input("contrast", c(
      paste0("A contrast matrix needs a column for each of the ", length(levels), " levels: ", quoted(levels, 12), "."),
      i = "One row a contrast, its name the label."
    ), "contrast", call)
  }
  names <- rownames(m) %||% paste("contrast", seq_len(nrow(m)))
  list(matrix = unname(m), labels = data.frame(contrast = names, level = NA_character_, reference = NA_character_))
}

# Polynomials on the real spacing: the linear one is the slope per unit of time, the others have unit length.
trend_contrasts <- function(levels, times, call) {
  if (is.null(times)) {
    stop_input("contrast", c(
      paste0("A trend needs the visits as numbers, and ", quoted(levels, 12), " are none."),
      i = "Give the visit as a number or date, or name the visits `month 0`, `month 3`, ..."
    ), "contrast", call)
  }
  k <- length(times)
  m <- t(stats::contr.poly(k, scores = times))
  centred <- times - mean(times)
  m[1, ] <- centred / sum(centred^2)
  names <- c("linear (per unit)", "quadratic", "cubic", if (k > 4L) paste0("degree ", 4:(k - 1L)))[seq_len(k - 1L)]
  list(matrix = unname(m), labels = data.frame(contrast = names, level = NA_character_, reference = NA_character_))
}

# Means of every combination of `keep`.
mean_targets <- function(input, keep, margins) {
  grid <- between_grid(input$between)
  inside <- cell_weights(input$within, intersect(input$within_names, keep))
  outside <- level_weights(grid, intersect(grid$factors, keep), margins)
  at <- expand.grid(cell = seq_len(nrow(inside$weights)), group = seq_len(nrow(outside$weights)))
  labels <- cbind(outside$labels[at$group, , drop = FALSE], inside$labels[at$cell, , drop = FALSE])
  row.names(labels) <- NULL
  list(labels = labels, within = inside$weights[at$cell, , drop = FALSE],
    between = outside$weights[at$group, , drop = FALSE], grid = grid, over = names(labels))
}

# Contrasts of one factor, or of a within and a between factor (interaction), at each level of `by`.
contrast_targets <- function(input, kind, of, by, margins, reference, call) {
  if (length(of) == 2L) {
    return(interaction_targets(input, kind, of, by, margins, reference, call))
  }
  means <- mean_targets(input, c(of, by), margins)
  inside <- of %in% input$within_names
  levels <- levels(if (inside) input$within[[of]] else input$between[[of]])
  spec <- factor_contrasts(levels, kind, factor_reference(input, of, reference, call),
    if (inside && length(input$within_names) == 1L) input$times, NULL, call)
  groups <- means$labels[by]
  key <- if (length(by)) do.call(paste, c(lapply(groups, as.character), sep = "\r")) else rep("", nrow(means$labels))
  blocks <- lapply(unique(key), function(k) {
    rows <- which(key == k)
    rows <- rows[match(levels, as.character(means$labels[[of]][rows]))]
    part <- if (inside) "within" else "between"
    block <- list(labels = cbind(spec$labels, groups[rep(rows[1], nrow(spec$labels)), , drop = FALSE]))
    block[[part]] <- spec$matrix %*% means[[part]][rows, , drop = FALSE]
    other <- setdiff(c("within", "between"), part)
    block[[other]] <- means[[other]][rep(rows[1], nrow(spec$labels)), , drop = FALSE]
    block
  })
  bind_targets(blocks, means$grid, by)
}

bind_targets <- function(blocks, grid, by) {
  labels <- do.call(rbind, lapply(blocks, `[[`, "labels"))
  row.names(labels) <- NULL
  for (name in c("contrast", "level", "reference")) labels[[name]] <- factor(labels[[name]], unique(labels[[name]]))
  list(labels = labels, within = do.call(rbind, lapply(blocks, `[[`, "within")),
    between = do.call(rbind, lapply(blocks, `[[`, "between")), grid = grid, by = by)
}

factor_reference <- function(input, of, reference, call) {
  levels <- levels(if (of %in% input$within_names) input$within[[of]] else input$between[[of]])
  if (is.null(reference) || is.null(names(reference)) && length(reference) > 1L) {
    return(if (of %in% input$within_names) input$reference_level[[of]] else 1L)
  }
  given <- if (is.null(names(reference))) reference else reference[[of]]
  at <- match(as.character(given), levels)
  if (is.na(at)) {
    stop_input("reference", c(paste0("`reference` is ", quoted(given), ", which is no level of `", of, "`."),
      i = paste0("Levels: ", quoted(levels, 12), ".")), "reference", call)
  }
  at
}

# Differences between groups of differences between visits.
interaction_targets <- function(input, kind, of, by, margins, reference, call) {
  inside <- intersect(of, input$within_names)
  outside <- setdiff(of, inside)
  if (length(inside) != 1L || length(outside) != 1L) {
    stop_input("contrast", "Interaction contrasts are of one factor within and one between patients.", "of", call)
  }
  pick <- function(name) {
    ref <- if (!is.null(names(reference)) && name %in% names(reference)) reference[name]
    factor_contrasts(levels(if (name %in% inside) input$within[[name]] else input$between[[name]]),
      if (is.matrix(kind)) "reference" else kind, factor_reference(input, name, ref, call),
      if (name %in% inside) input$times, NULL, call)
  }
  first <- pick(inside)
  second <- if (is.character(kind) && kind == "trend") {
    factor_contrasts(levels(input$between[[outside]]), "reference", factor_reference(input, outside, NULL, call), NULL,
      NULL, call)
  } else {
    pick(outside)
  }
  w <- cell_weights(input$within, inside)
  grid <- between_grid(input$between)
  b <- level_weights(grid, outside, margins)
  at <- expand.grid(i = seq_len(nrow(first$matrix)), j = seq_len(nrow(second$matrix)))
  labels <- data.frame(contrast = paste0("(", first$labels$contrast[at$i], ") x (", second$labels$contrast[at$j], ")"),
    level = second$labels$level[at$j], reference = second$labels$reference[at$j])
  bind_targets(list(list(labels = labels, within = first$matrix[at$i, , drop = FALSE] %*% w$weights,
    between = second$matrix[at$j, , drop = FALSE] %*% b$weights)), grid, character())
}
