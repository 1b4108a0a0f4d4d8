# Data sets for the tests of the repeated-measures family. Every number comes from a written table or from whole-number
# arithmetic, never from a random number generator, so that they are the same in every version of R.

# Whole-number noise of mean about 0 in (-1, 1): cubes modulo a prime, all exact in double precision. Two such numbers
# are averaged so that the middle is commoner than the ends.
rm_noise <- function(i, j, k = 1) {
  one <- (i * 7919 + j * 104729 + k * 1299709 + 2003) %% 10007
  two <- (one^3 + 577 * i * j + 31 * j + 17 * i * i) %% 10007
  three <- (two^3 + 6089 * one + j) %% 10007
  (two + three) / 10006 - 1
}

# A cohort like that of a thalidomide study: 62 patients (haemoglobin in g/dL with one decimal, HbF in
# percent), of whom 39, 39, 20 and 7 have values at 0, 3, 12 and 24 months; the others were never measured and have rows
# without values. Two phenotypes, spleen or none, sorted by a number that means nothing by its order.
rm_cohort <- function() {
  patient <- 1:62
  id <- (patient * 37) %% 101 + 100
  phenotype <- factor(ifelse(patient %% 5 < 2, "major", "intermedia"), levels = c("intermedia", "major"))
  spleen <- factor(ifelse((patient * 3) %% 7 < 3, "removed", "present"), levels = c("present", "removed"))
  month <- c(0, 3, 12, 24)
  measured <- c(39, 39, 20, 7)
  out <- do.call(rbind, lapply(seq_along(month), function(v) {
    own <- 1.4 * rm_noise(patient, 0)
    effect <- c(0, 1.3, 1.9, 1.6)[v] + c(0, -0.1, 0.3, 0.6)[v] * (phenotype == "intermedia")
    hb <- 7.6 + 0.5 * (phenotype == "intermedia") + own + effect + (0.5 + 0.15 * v) * rm_noise(patient, v)
    hbf <- 30 + 12 * own + 9 * effect + 8 * rm_noise(patient, v, 3)
    data.frame(patient = patient, id = id, visit = v, month = month[v], phenotype = phenotype, spleen = spleen,
      hb = ifelse(patient <= measured[v], round(hb, 1), NA), hbf = ifelse(patient <= measured[v], round(hbf), NA))
  }))
  out <- out[order(out$patient, out$visit), ]
  rownames(out) <- NULL
  out
}

# The values of a long data frame as patients x visits, patients in order of first appearance.
rm_wide <- function(long, value = "hb", id = "id", visit = "visit") {
  ids <- unique(long[[id]])
  visits <- sort(unique(long[[visit]]))
  out <- matrix(NA_real_, length(ids), length(visits), dimnames = list(ids, visits))
  out[cbind(match(long[[id]], ids), match(long[[visit]], visits))] <- long[[value]]
  out
}

# Two groups of 7 and 9 patients at five visits, complete, with one decimal: `y`, `group`, a covariate `age`.
rm_mixed <- function() {
  i <- 1:16
  group <- factor(rep(c("a", "b"), c(7, 9)))
  y <- vapply(1:5, function(v) {
    round(10 + (0.4 + 0.3 * (group == "b")) * v + 2 * rm_noise(i, 50) + 1.5 * rm_noise(i, v + 60) +
      0.5 * v * rm_noise(i, 90), 1)
  }, numeric(16))
  list(y = y, group = group, age = 20 + (i * 13) %% 31)
}

# The same patients with holes of every pattern (every visit has at least nine values), as long rows by patient, visit.
rm_holes <- function(visits = 4) {
  d <- rm_mixed()
  y <- d$y[, seq_len(visits)]
  i <- row(y)
  j <- col(y)
  there <- (i * 5 + j * 3) %% 7 > 1 | (i + j) %% 6 == 0
  at <- which(t(there)) # by patient, then visit
  patient <- (at - 1) %/% visits + 1
  visit <- (at - 1) %% visits + 1
  data.frame(patient = patient, visit = visit, y = y[cbind(patient, visit)], group = d$group[patient],
    age = d$age[patient], weight = 1 + (patient * 3 + visit) %% 4 / 2)
}

# Fourteen patients, a 2 x 3 within design (cells in the order of `within`) and two between factors, unbalanced.
rm_factorial <- function() {
  i <- 1:14
  within <- expand.grid(dose = factor(c("low", "high")), time = factor(c("t1", "t2", "t3")))
  y <- vapply(1:6, function(v) round(50 + 3 * v + 9 * rm_noise(i, 7) + 6 * rm_noise(i, v + 20)), numeric(14))
  list(
    y = y, within = within,
    between = data.frame(arm = factor(rep(c("x", "y"), c(8, 6))), sex = factor(ifelse(i %% 3 == 0, "f", "m")))
  )
}

# Patterns that break programs, each patients x visits: what is left can be nothing at all.
rm_degenerate <- function() {
  full <- rm_mixed()$y
  one_complete <- full[1:8, 1:4]
  one_complete[cbind(2:8, c(4, 3, 2, 1, 4, 3, 2))] <- NA
  none_there <- full[, 1:4]
  none_there[, 3] <- NA
  constant <- full[, 1:4]
  constant[, 2] <- 9.5
  collinear <- full[, 1:4]
  collinear[, 4] <- collinear[, 1] + 2 * collinear[, 2]
  shifted <- full[, 1:3]
  shifted[, 3] <- shifted[, 2] + 1
  list(
    one_complete = one_complete, # one patient has every visit
    no_patient = one_complete[-1, ], # no patient has every visit
    empty_visit = none_there, # a visit nobody has
    constant_visit = constant, # everybody has the same value at one visit
    collinear_visits = collinear, # the last visit is a sum of two others
    parallel_visits = shifted, # a difference of two visits has no variance
    more_visits = full[1:4, ], # five visits, four patients
    two_patients = full[1:2, 1:3],
    one_patient = full[1, 1:3, drop = FALSE],
    no_rows = full[0, 1:3],
    all_equal = matrix(7, 6, 3), # no variance at all
    additive = outer(1:6, 1:3, "+") # patients and visits, no residual
  )
}
